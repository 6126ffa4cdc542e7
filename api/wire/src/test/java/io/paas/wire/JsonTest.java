package io.paas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void ignoresUnknownFieldsOfANewerPlatform() {
        ProcessRequest request =
                Json.read(
                        """
                        {"mode":"Force","requestID":"a","fromTheFuture":{"x":[1]}}
                        """,
                        ProcessRequest.class);

        assertThat(request).isEqualTo(new ProcessRequest(StopMode.FORCE, null, "a", null, null));
        assertThat(request.effectiveWaitSeconds()).isEqualTo(45);
    }

    @Test
    void keepsAProcessStatusOverARoundTrip() {
        Instant now = Instant.parse("2026-05-04T03:02:01Z");
        ProcessStatus status =
                new ProcessStatus(
                        "db",
                        ProcessState.BACKOFF,
                        DesiredState.RUNNING,
                        null,
                        now,
                        3,
                        new ExitStatus(null, 9, now),
                        false,
                        "primary",
                        new ChangeStatus(
                                "c-1", ProcessVerb.RESTART, ChangeState.RUNNING, now, null),
                        "0.1.0");

        String json = Json.write(status);

        assertThat(json).contains("\"state\":\"Backoff\"", "\"verb\":\"restart\"");
        assertThat(Json.read(json, ProcessStatus.class)).isEqualTo(status);
    }

    @Test
    void readsWholeNumbersAsLong() {
        HookParameters parameters =
                Json.read(
                        """
                        {"cluster":"c","namespace":"n","group":"g","topologyParameters":{"k":2}}
                        """,
                        HookParameters.class);

        assertThat(parameters.topologyParameters()).containsEntry("k", 2L);
        assertThat(parameters.members()).isEmpty();
    }

    @Test
    void saysWhichFieldARecordRefuses() {
        assertThatThrownBy(
                        () ->
                                Json.read(
                                        "{\"requestID\":\"a\",\"waitSeconds\":46}",
                                        ProcessRequest.class))
                .isInstanceOf(JsonException.class)
                .hasMessage("waitSeconds must be 0 to 45, not 46");
        assertThatThrownBy(() -> Json.read("{}", ProcessRequest.class))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("requestID");
    }

    @Test
    void refusesTextThatIsNoJson() {
        assertThatThrownBy(() -> Json.read("", ProcessRequest.class))
                .isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.read("{'requestID':'a'}", ProcessRequest.class))
                .isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.read("[1]", ProcessRequest.class))
                .isInstanceOf(JsonException.class);
    }
}
