package io.paas.apiserver.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigMapKeyPublisherTest {

    private static final String SYSTEM = "/api/v1/namespaces/middleware-system/";

    @Test
    void dropsKeysThatNobodyHasAnyMore() {
        // given
        FakeKube kube =
                new FakeKube()
                        .put(
                                SYSTEM + "configmaps/process-token-keys",
                                """
                                {"data": {"apiserver-0.00000000": "ours before a restart",
                                          "controllers-1.00000000": "of a Pod that lives",
                                          "controllers-0.00000000": "of a Pod that was killed"}}
                                """)
                        .put(
                                SYSTEM + "pods",
                                """
                                {"items": [{"metadata": {"name": "apiserver-0"}},
                                           {"metadata": {"name": "controllers-1"}}]}
                                """);

        // when
        new ConfigMapKeyPublisher(kube).publish("apiserver-0.11111111", "new", "apiserver-0.");

        // then
        assertThat(kube.writes)
                .singleElement()
                .asString()
                .contains("\"apiserver-0.00000000\":null")
                .contains("\"controllers-0.00000000\":null")
                .contains("\"apiserver-0.11111111\":\"new\"")
                .doesNotContain("controllers-1");
    }
}
