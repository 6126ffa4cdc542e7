package io.paas.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerConfigTest {

    @Test
    void hasDefaultsForEverything() {
        assertThat(ServerConfig.from(Map.of("PATH", "/bin")).port()).isEqualTo(8443);
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> ServerConfig.from(Map.of("MIDDLEWARE_APISERVER_DRAIN_DELAY", "5")))
                .hasMessageContaining("MIDDLEWARE_APISERVER_DRAIN_DELAY")
                .hasMessageContaining("DRAIN_DELAY_SECONDS");
        assertThatThrownBy(() -> ServerConfig.from(Map.of("MIDDLEWARE_APISERVER_PORT", "70000")))
                .hasMessageContaining("MIDDLEWARE_APISERVER_PORT=70000");
    }

    @Test
    void ignoresWhatKubernetesAddsForTheService() {
        // Service middleware-apiserver gives every Pod of its namespace these variables.
        assertThat(
                        ServerConfig.from(
                                        Map.of(
                                                "MIDDLEWARE_APISERVER_PORT",
                                                "tcp://10.96.0.7:443",
                                                "MIDDLEWARE_APISERVER_PORT_443_TCP_ADDR",
                                                "10.96.0.7",
                                                "MIDDLEWARE_APISERVER_SERVICE_HOST",
                                                "10.96.0.7"))
                                .port())
                .isEqualTo(8443);
    }
}
