package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paas.apiserver.kinds.ClusterProcessOptions;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BodyTest {

    private static Body<ClusterProcessOptions> read(
            String body, String contentType, Map<String, List<String>> query) {
        Headers headers =
                contentType == null
                        ? Headers.NONE
                        : new Headers(Map.of("Content-Type", List.of(contentType)));
        return Body.read(
                new ApiRequest(
                        "POST",
                        "/",
                        query,
                        headers,
                        () -> body.getBytes(StandardCharsets.UTF_8),
                        List.of()),
                ClusterProcessOptions.class);
    }

    private static ClusterProcessOptions read(String body, String contentType) {
        return read(body, contentType, Map.of()).value();
    }

    @Test
    void readsJsonYamlAndNothing() {
        assertThat(read("{\"maxConcurrent\":2}", "application/json").maxConcurrent()).isEqualTo(2);
        assertThat(read("maxConcurrent: 2", "application/yaml").maxConcurrent()).isEqualTo(2);
        assertThat(read("{\"maxConcurrent\":2}", null).maxConcurrent()).isEqualTo(2);
        assertThat(read("maxConcurrent: 2", null).maxConcurrent()).isEqualTo(2);
        assertThat(read("", null).maxConcurrent()).isNull();
        assertThat(read("null", "application/json").dryRun()).isEmpty();
    }

    @Test
    void takesTheUsualEnvelope() {
        assertThat(
                        read(
                                        "{apiVersion: middleware.paas.io/v1, kind: ClusterProcessOptions,"
                                                + " metadata: {name: demo},"
                                                + " selector: {role: replica, ordinals: [1, 2]}}",
                                        "application/yaml")
                                .selector()
                                .ordinals())
                .containsExactly(1, 2);
    }

    @Test
    void warnsOfUnknownFieldsUnlessToldOtherwise() {
        // given
        String body = "{\"mod\":\"Force\",\"selector\":{\"grups\":[]}}";

        // when
        Body<ClusterProcessOptions> read = read(body, null, Map.of());

        // then
        assertThat(read.warn(ApiResponse.text(200, "")).headers().get("Warning"))
                .containsExactly(
                        "299 - \"unknown field \\\"mod\\\"\"",
                        "299 - \"unknown field \\\"selector.grups\\\"\"");
        assertThat(read(body, null, Map.of("fieldValidation", List.of("Ignore"))).warnings())
                .isEmpty();
        assertThatThrownBy(() -> read(body, null, Map.of("fieldValidation", List.of("Strict"))))
                .hasMessageContaining("selector.grups");
    }

    @Test
    void warnsInWhatAHeaderCanHold() {
        // given
        StringBuilder body = new StringBuilder("{\"a\\r\\nSet-Cookie: b\\u0007\":1");
        for (int i = 0; i < 100; i++) {
            body.append(",\"").append("x".repeat(1000)).append(i).append("\":1");
        }

        // when
        List<String> lines =
                read(body + "}", null, Map.of())
                        .warn(ApiResponse.text(200, ""))
                        .headers()
                        .get("Warning");

        // then
        assertThat(lines.getFirst()).isEqualTo("299 - \"unknown field \\\"a??Set-Cookie: b?\\\"\"");
        assertThat(lines).hasSizeGreaterThan(10).allMatch(line -> line.length() < 300);
        assertThat(String.join("", lines)).hasSizeLessThan(5000);
    }

    @Test
    void refusesWhatIsNoSuchBody() {
        assertThat(code("{\"maxConcurrent\":\"2\"}", null)).isEqualTo(400);
        assertThat(code("{\"maxConcurrent\":1.5}", null)).isEqualTo(400);
        assertThat(code("[]", "application/json")).isEqualTo(400);
        assertThat(code("{", null)).isEqualTo(400);
        assertThat(code("{\"kind\":\"Pod\"}", null)).isEqualTo(400);
        assertThat(code("{\"dryRun\":[null]}", null)).isEqualTo(400);
        assertThat(code("{\"selector\":{\"ordinals\":[null]}}", null)).isEqualTo(400);
        assertThat(code("{} {\"maxConcurrent\":2}", null)).isEqualTo(400);
        assertThat(code("maxConcurrent: 2\n---\nmaxConcurrent: 3\n", null)).isEqualTo(400);
        assertThat(code("{\"maxConcurrent\":2,\"maxConcurrent\":3}", null)).isEqualTo(400);
        assertThat(code("maxConcurrent: 2\nmaxConcurrent: 3\n", null)).isEqualTo(400);
        assertThat(code("a=b", "application/x-www-form-urlencoded")).isEqualTo(415);
        assertThat(code("", "text/plain")).isEqualTo(415);
    }

    @Test
    void namesTheElementThatIsNull() {
        assertThatThrownBy(() -> read("{\"selector\":{\"ordinals\":[1,null]}}", "application/json"))
                .hasMessageContaining("selector.ordinals[1]");
    }

    private static int code(String body, String contentType) {
        try {
            read(body, contentType);
            return 200;
        } catch (Failure e) {
            return e.code();
        }
    }
}
