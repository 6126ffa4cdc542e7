package io.paas.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllersConfigTest {

    private static final Map<String, String> POD =
            Map.of("POD_NAME", "controllers-0", "POD_NAMESPACE", "middleware-system");

    @Test
    void needsNoFlags() {
        ControllersConfig config = ControllersConfig.from(POD);

        assertThat(config.kubeApiQps()).isEqualTo(200);
        assertThat(config.kubeApiBurst()).isEqualTo(400);
        assertThat(config.rateLimit()).isPresent();
        assertThat(config.watchNamespaces()).isEmpty();
    }

    @Test
    void takesFlags() {
        ControllersConfig config =
                ControllersConfig.from(
                        POD,
                        "--kube-api-qps=12.5",
                        "--kube-api-burst=30",
                        "--watch-namespaces=a, b",
                        "--selector=env=prod");

        assertThat(config.kubeApiQps()).isEqualTo(12.5);
        assertThat(config.kubeApiBurst()).isEqualTo(30);
        assertThat(config.watchNamespaces()).containsExactly("a", "b");
        assertThat(config.selector().text()).isEqualTo("env=prod");
    }

    @Test
    void limitsNothingWhenToldSo() {
        assertThat(ControllersConfig.from(POD, "--kube-api-qps=-1").rateLimit()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--kube-api-qps=fast | --kube-api-qps: 'fast': a number above 0, or -1 for no"
                        + " limit",
                "--kube-api-qps=0 | --kube-api-qps: '0': a number above 0, or -1 for no limit",
                "--kube-api-qps=NaN | --kube-api-qps: 'NaN': a number above 0, or -1 for no limit",
                "--kube-api-burst=0 | --kube-api-burst: '0': a whole number from 1",
                "--kube-api-brust=9 | --kube-api-brust does not exist; there are --kube-api-qps,",
                "--watch-namespaces=a,,b | --watch-namespaces: 'a,,b': '' is no name of a"
                        + " namespace",
                "--watch-namespaces=Prod | --watch-namespaces: 'Prod': 'Prod' is no name of a",
                "--selector=env=a b | --selector: 'env=a b': cannot read 'env=a b'; write"
                        + " key=value,",
                "--watch-namespaces=a,a | --watch-namespaces: 'a,a': a namespace is there twice",
                "kube-api-burst=9 | 'kube-api-burst=9' is no flag: write --name=value",
                "--kube-api-burst | '--kube-api-burst' is no flag: write --name=value"
            })
    void saysWhichFlagIsWrongAndWhatIsAllowed(String flag, String message) {
        assertThatThrownBy(() -> ControllersConfig.from(POD, flag))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesAFlagGivenTwice() {
        assertThatThrownBy(
                        () ->
                                ControllersConfig.from(
                                        POD, "--kube-api-burst=1", "--kube-api-burst=2"))
                .hasMessage("--kube-api-burst is given twice");
    }
}
