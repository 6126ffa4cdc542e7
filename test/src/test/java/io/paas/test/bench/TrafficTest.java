package io.paas.test.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrafficTest {

    @Test
    void eventsAndLeasesAreNoOwnWrites() {
        Traffic traffic =
                new Traffic(
                        List.of(
                                request("create", "pods", "", 201),
                                request("create", "pods", "", 409),
                                request("patch", "expodsets", "status", 200),
                                request("create", "events", "", 201),
                                request("update", "leases", "", 200),
                                request("get", "leases", "", 200),
                                request("get", "expodsets", "", 200),
                                request("watch", "pods", "", 200)));

        assertThat(traffic.ownWrites()).isEqualTo(3);
        assertThat(traffic.refused()).isEqualTo(1);
        assertThat(traffic.events()).isEqualTo(1);
        assertThat(traffic.leases()).isEqualTo(1);
        assertThat(traffic.reads()).isEqualTo(1);
        assertThat(traffic.kinds())
                .hasSize(2)
                .containsEntry("create pods", 2L)
                .containsEntry("patch expodsets/status", 1L);
    }

    @Test
    void thePeakIsTheFullestWindow() {
        Traffic traffic =
                new Traffic(
                        IntStream.of(0, 1, 2, 10, 30, 31)
                                .mapToObj(second -> at(second, "create", "pods", "", 201))
                                .toList());

        assertThat(traffic.peak(Duration.ofSeconds(10))).isEqualTo(3);
        assertThat(traffic.peak(Duration.ofSeconds(11))).isEqualTo(4);
        assertThat(new Traffic(List.of()).peak(Duration.ofSeconds(10))).isZero();
    }

    private static AuditTrail.Request request(
            String verb, String resource, String subresource, int code) {
        return at(0, verb, resource, subresource, code);
    }

    private static AuditTrail.Request at(
            int second, String verb, String resource, String subresource, int code) {
        String sub = subresource.isEmpty() ? "" : ", \"subresource\": \"" + subresource + "\"";
        return AuditTrail.parse(
                """
                {"kind": "Event", "stage": "ResponseComplete", "verb": "%s",
                 "user": {"username": "someone", "groups": []},
                 "objectRef": {"resource": "%s", "namespace": "n", "name": "x"%s},
                 "responseStatus": {"code": %d}, "stageTimestamp": "2026-01-01T00:00:%02d.5Z"}"""
                        .formatted(verb, resource, sub, code, second)
                        .replace("\n", ""));
    }
}
