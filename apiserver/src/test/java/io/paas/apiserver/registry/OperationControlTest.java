package io.paas.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.api.v1.Operation.Control;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.FakeKube;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.request.ApiResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationControlTest {

    private static final String OPERATION =
            "/apis/paas.io/v1/namespaces/default/operations/demo-r-1";

    private final FakeKube kube = new FakeKube();

    private void operation(String control, String phase) {
        kube.put(
                OPERATION,
                """
                {"apiVersion":"paas.io/v1","kind":"Operation",
                 "metadata":{"name":"demo-r-1","uid":"o1","resourceVersion":"7"},
                 "spec":{"type":"Restart","cluster":"demo","control":"%s"},
                 "status":{"phase":"%s"}}
                """
                        .formatted(control, phase));
    }

    private ApiResponse call(Control control, String body) {
        return Requests.post(
                new OperationControl(control, kube, new Cluster(kube)),
                "operations/demo-r-1/x",
                body);
    }

    @Test
    void takesARequestId() {
        // given
        operation("Run", "Running");

        // when
        ApiResponse paused =
                call(
                        Control.PAUSE,
                        "{\"requestID\":\"r1\",\"apiVersion\":\"middleware.paas.io/v1\"}");
        ApiResponse tooLong = call(Control.PAUSE, "{\"requestID\":\"" + "x".repeat(129) + "\"}");

        // then
        assertThat(paused.code()).isEqualTo(200);
        assertThat(paused.headers()).doesNotContainKey("Warning");
        assertThat(tooLong.code()).isEqualTo(422);
    }

    @Test
    void repeatsAnAnswerAlsoWhenTheOperationIsOver() {
        // when
        operation("Cancel", "Cancelled");
        ApiResponse cancelled = call(Control.CANCEL, "");
        operation("Run", "Cancelled");
        ApiResponse superseded = call(Control.CANCEL, "");
        operation("Run", "Succeeded");
        ApiResponse resumed = call(Control.RUN, "");
        ApiResponse tooLate = call(Control.CANCEL, "");

        // then
        assertThat(List.of(cancelled.code(), superseded.code(), resumed.code())).containsOnly(200);
        assertThat(tooLate.code()).isEqualTo(409);
        assertThat(kube.writes).isEmpty();
    }

    @Test
    void doesNotResumeWhatIsCancelledMeanwhile() {
        // given
        operation("Pause", "Paused");
        kube.duringWrite(
                () -> {
                    operation("Cancel", "Paused");
                    throw new KubeFailure(409, "Conflict", "the object has been modified");
                });

        // when
        ApiResponse resumed = call(Control.RUN, "");

        // then
        assertThat(resumed.code()).isEqualTo(409);
        assertThat(kube.writes).singleElement().asString().contains("\"resourceVersion\":\"7\"");
    }

    @Test
    void triesAgainWhenOnlyTheStatusChanged() {
        // given
        operation("Run", "Running");
        kube.duringWrite(
                () -> {
                    throw new KubeFailure(409, "Conflict", "the object has been modified");
                });

        // when
        ApiResponse cancelled = call(Control.CANCEL, "");

        // then
        assertThat(cancelled.code()).isEqualTo(200);
        assertThat(kube.writes).hasSize(2);
    }
}
