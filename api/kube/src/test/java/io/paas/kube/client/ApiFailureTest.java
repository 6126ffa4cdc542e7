package io.paas.kube.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiFailureTest {

    @ParameterizedTest
    @CsvSource({
        "400, Invalid", "401, Forbidden", "403, Forbidden", "404, NotFound", "405, Fatal",
        "409, Conflict", "410, Expired", "415, Fatal", "422, Invalid", "429, Retryable",
        "500, Retryable", "503, Retryable", "504, Retryable"
    })
    void sortsByStatusCode(int code, String expected) {
        assertThat(ApiFailure.of(code, null, null).getClass().getSimpleName()).isEqualTo(expected);
    }

    @Test
    void takesReasonAndMessageFromTheStatus() {
        String body = "{\"kind\": \"Status\", \"reason\": \"AlreadyExists\", \"message\": \"m\"}";

        ApiFailure failure = ApiFailure.of(409, body, null);

        assertThat(failure).hasMessage("m");
        assertThat(((ApiFailure.Conflict) failure).alreadyExists()).isTrue();
    }

    @Test
    void survivesABodyThatIsNoStatus() {
        assertThat(ApiFailure.of(502, "<html>", null)).hasMessage("<html>");
        assertThat(ApiFailure.of(502, "{broken", null)).hasMessage("{broken");
    }
}
