package io.paas.controllers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.json.Json;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.kube.client.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScopeTest {

    private static final ObjectKey KEY = new ObjectKey("ns", "x");

    private final Map<ObjectKey, MiddlewareCluster> clusters = new HashMap<>();
    private final Map<ObjectKey, ExPodSet> sets = new HashMap<>();
    private final Map<ObjectKey, Operation> operations = new HashMap<>();
    private final Scope scope =
            new Scope(Selector.parse("env=prod"), clusters::get, sets::get, operations::get);

    @Test
    void aSetOfAClusterGoesWithItsCluster() throws Exception {
        sets.put(
                KEY,
                read(
                        """
                        {"metadata": {"labels": {"env": "prod"}, "ownerReferences": [
                          {"kind": "MiddlewareCluster", "name": "demo", "controller": true}]}}\
                        """,
                        ExPodSet.class));

        assertThat(scope.hasSet(KEY)).isFalse();
        choose("demo");
        assertThat(scope.hasSet(KEY)).isTrue();
    }

    @Test
    void aSetOfItsOwnGoesByItsLabels() throws Exception {
        sets.put(KEY, read("{\"metadata\": {}}", ExPodSet.class));
        assertThat(scope.hasSet(KEY)).isFalse();

        sets.put(KEY, read("{\"metadata\": {\"labels\": {\"env\": \"prod\"}}}", ExPodSet.class));

        assertThat(scope.hasSet(KEY)).isTrue();
    }

    @Test
    void anOperationGoesWithItsCluster() throws Exception {
        operations.put(KEY, read("{\"spec\": {\"cluster\": \"demo\"}}", Operation.class));

        assertThat(scope.hasOperation(KEY)).isFalse();
        choose("demo");
        assertThat(scope.hasOperation(KEY)).isTrue();
    }

    @Test
    void whatIsGoneIsForgotten() {
        assertThat(scope.hasSet(KEY)).isTrue();
        assertThat(scope.hasOperation(KEY)).isTrue();
    }

    private void choose(String cluster) throws Exception {
        clusters.put(
                new ObjectKey("ns", cluster),
                read("{\"metadata\": {\"name\": \"" + cluster + "\"}}", MiddlewareCluster.class));
    }

    private static <T> T read(String json, Class<T> type) throws Exception {
        return Json.mapper().readValue(json, type);
    }
}
