package io.paas.plan.expodset;

import static io.paas.plan.expodset.SetBuilder.NOW;
import static io.paas.plan.expodset.SetBuilder.aSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.api.json.ModelGson;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.ExPodSet.PodReason;
import io.paas.api.v1.ExPodSet.UpdateType;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodRowsTest {

    private static final String READY =
            "\"conditions\": [{\"type\": \"Ready\", \"status\": \"True\","
                    + " \"lastTransitionTime\": \"2026-01-01T00:00:00Z\"}]";

    @Test
    void listsNothingWhenAllIsAsDesired() {
        PodRows rows = PodRows.of(aSet().ready("s-new", 0, 1, 2).snapshot());

        assertThat(rows.listed()).isEmpty();
        assertThat(rows.notListed()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'conditions': [{'type': 'PodScheduled', 'status': 'False', 'message': '0/1 nodes'}]"
                        + " | UNSCHEDULABLE | 0/1 nodes",
                "'containerStatuses': [{'name': 'main', 'ready': false, 'image': 'bad:1',"
                        + " 'state': {'waiting': {'reason': 'ImagePullBackOff', 'message': '40s'}}}]"
                        + " | IMAGE_PULL_FAILED | container main: cannot get bad:1",
                "'containerStatuses': [{'name': 'main', 'ready': false, 'restartCount': 2,"
                        + " 'state': {'waiting': {'reason': 'CrashLoopBackOff', 'message': '40s'}},"
                        + " 'lastState': {'terminated': {'exitCode': 3}}}]"
                        + " | CRASH_LOOP_BACK_OFF"
                        + " | container main: ended with exit code 3 and is restarted",
                "'containerStatuses': [{'name': 'main', 'ready': false, 'restartCount': 2,"
                        + " 'state': {'running': {}}, 'lastState': {'terminated': {'exitCode': 3}}}]"
                        + " | CRASH_LOOP_BACK_OFF"
                        + " | container main: ended with exit code 3 and is restarted",
                "'containerStatuses': [{'name': 'main', 'ready': false, 'state': {'waiting':"
                        + " {'reason': 'CreateContainerConfigError', 'message': 'no secret x'}}}]"
                        + " | CONTAINER_NOT_CREATED"
                        + " | container main: CreateContainerConfigError: no secret x",
                "'phase': 'Failed', 'reason': 'Evicted' | FAILED | ended: Evicted",
                "'phase': 'Pending' | STARTING | has not been ready yet",
                "'phase': 'Running', 'startTime': '2026-01-01T00:00:00Z', 'conditions':"
                        + " [{'type': 'Ready', 'status': 'False', 'lastTransitionTime':"
                        + " '2026-01-01T00:05:00Z'}], 'containerStatuses': [{'name': 'main',"
                        + " 'ready': false}] | NOT_READY | not ready: main",
                "'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': 'False'},"
                        + " {'type': 'ContainersReady', 'status': 'True'}] | NODE_LOST"
                        + " | node n1 does not answer; another Pod is made once this one is gone:"
                        + " kubectl delete pod s-0 -n ns --force --grace-period=0",
            })
    void saysWhy(String status, PodReason reason, String message) {
        ExPodSet.PodRow row = row("s-new", "", status.replace('\'', '"'));

        assertThat(row.reason()).isEqualTo(reason);
        assertThat(row.message()).isEqualTo(message);
        assertThat(row.ready()).isFalse();
    }

    @Test
    void aDeletionThatNobodyConfirmsNamesTheCommandAndDoesNotRunIt() {
        SetBuilder set = aSet().replicas(1);
        String deleted = ", \"deletionTimestamp\": \"%s\"";

        assertThat(row("s-new", deleted.formatted(NOW.minusSeconds(29)), READY).reason())
                .isEqualTo(PodReason.TERMINATING);
        ExPodSet.PodRow row = row("s-new", deleted.formatted(NOW.minusSeconds(30)), READY);
        assertThat(row.reason()).isEqualTo(PodReason.NODE_LOST);
        assertThat(row.message()).contains("node n1").contains("kubectl delete pod s-0 -n ns");

        ExPodSetPlan plan =
                ExPodSetPlanner.plan(
                        set.pod(pod("s-new", deleted.formatted(NOW.minusSeconds(10)), READY))
                                .snapshot());
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.lookAgain()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void whatIsBehindWaitsForItsTurnOrItsUser() {
        assertThat(row("s-old", "", READY).message()).isEqualTo("waits for its turn");
        ExPodSetSnapshot onDelete =
                aSet().strategy(UpdateType.ON_DELETE, 0, 1).ready("s-old", 0).snapshot();
        assertThat(PodRows.of(onDelete).listed())
                .singleElement()
                .satisfies(row -> assertThat(row.message()).contains("OnDelete"));
        ExPodSetSnapshot below =
                aSet().strategy(UpdateType.ROLLING_UPDATE, 1, 1).ready("s-old", 0).snapshot();
        assertThat(PodRows.of(below).listed()).isEmpty();
    }

    @Test
    void staysSmallAndKeepsTheGravest() {
        SetBuilder set = aSet().replicas(1000);
        for (int ordinal = 0; ordinal < 1000; ordinal++) {
            set.neverReady("s-new", ordinal);
        }
        set.phase(999, "Failed");

        PodRows rows = PodRows.of(set.snapshot());

        assertThat(rows.listed()).hasSize(PodRows.MOST);
        assertThat(rows.listed().getLast().reason()).isEqualTo(PodReason.FAILED);
        assertThat(rows.notListed()).isEqualTo(980);
    }

    private static ExPodSet.PodRow row(String revision, String metadata, String status) {
        ExPodSetSnapshot now = aSet().replicas(1).pod(pod(revision, metadata, status)).snapshot();
        assertThat(PodRows.of(now).listed()).hasSize(1);
        return PodRows.of(now).listed().getFirst();
    }

    private static V1Pod pod(String revision, String metadata, String status) {
        String json =
                """
                {"metadata": {"name": "s-0", "uid": "u", "labels":
                   {"controller-revision-hash": "%s", "app": "s"},
                   "creationTimestamp": "2026-01-01T00:00:00Z" %s},
                 "spec": {"nodeName": "n1"}, "status": {%s}}"""
                        .formatted(revision, metadata, status);
        return ModelGson.gson().fromJson(json, V1Pod.class);
    }
}
