package io.paas.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.ProcessState;
import org.junit.jupiter.api.Test;

final class JsonTest {

    private static final String CLUSTER =
            """
            {"apiVersion":"paas.io/v1","kind":"MiddlewareCluster",
             "metadata":{"name":"demo","creationTimestamp":"2026-01-01T00:00:00Z","newField":{"a":1}},
             "spec":{"type":"t","extensionVersion":"1.0.0","version":"7.0","topology":"c",
               "futureField":true,
               "dynamicGroups":[{"name":"nodes","processState":"Stopped"}]},
             "status":{"phase":"FromTheFuture","ready":"1/3"}}
            """;

    @Test
    void toleratesFieldsAndEnumValuesOfANewerServer() {
        MiddlewareCluster cluster = Json.read(CLUSTER, MiddlewareCluster.class);

        assertThat(cluster.metadata().getName()).isEqualTo("demo");
        assertThat(cluster.spec().dynamicGroups().getFirst().processState())
                .isEqualTo(ProcessState.STOPPED);
        assertThat(cluster.status().phase()).isNull();
    }

    @Test
    void writesNeitherNullsNorEmptyCollectionsNorGetters() {
        MiddlewareCluster cluster = Json.read(CLUSTER, MiddlewareCluster.class);

        assertThat(Json.tree(cluster).toString())
                .isEqualTo(
                        "{\"apiVersion\":\"paas.io/v1\",\"kind\":\"MiddlewareCluster\","
                                + "\"metadata\":{\"creationTimestamp\":\"2026-01-01T00:00:00.000000Z\","
                                + "\"name\":\"demo\"},"
                                + "\"spec\":{\"dynamicGroups\":[{\"name\":\"nodes\","
                                + "\"processState\":\"Stopped\"}],\"extensionVersion\":\"1.0.0\","
                                + "\"topology\":\"c\",\"type\":\"t\",\"version\":\"7.0\"},"
                                + "\"status\":{\"ready\":\"1/3\"}}");
    }
}
