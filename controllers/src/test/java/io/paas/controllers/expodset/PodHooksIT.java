package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubernetes.client.openapi.models.V1Pod;
import io.paas.agent.AgentClient;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.expodset.FakeAgents.Answer;
import io.paas.controllers.expodset.FakeAgents.Call;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.KubeEventRecorder;
import io.paas.kube.informer.Informer;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// restart-order and pre-scale-in over the real wire, against agents that hang, lie and change
/// their minds.
@ExtendWith(KubeApiServerExtension.class)
class PodHooksIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final KubeApiServer server;
    private final KubeClient kube;
    private final ResourceClient<ExPodSet> sets;
    private final ResourceClient<V1Pod> pods;
    private final List<String> gone = new CopyOnWriteArrayList<>();

    /// Type and reason of every condition that the set had.
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    private FakeAgents agents;
    private String namespace;
    private ObjectKey key;
    private LiveSet live;
    private Informers informers;
    private Controller controller;
    private FakeKubelet kubelet;
    private Informer<V1Pod> watch;
    private Informer<ExPodSet> statuses;

    PodHooksIT(KubeApiServer server) {
        this.server = server;
        kube = SetWorld.client(server);
        sets = kube.of(PodActionExecutor.SETS);
        pods = kube.of(BuiltIn.PODS);
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        SetWorld.define(server);
        namespace = SetWorld.namespace(kube);
        key = new ObjectKey(namespace, "s");
        live = LiveSet.of(kube, key);
        agents = new FakeAgents();
        startController();
        kubelet = new FakeKubelet(pods, namespace, "127.0.0.1");
        watch =
                new Informer<>(pods, ListQuery.inNamespace(namespace))
                        .onChange(
                                change -> {
                                    if (change.after() == null) {
                                        gone.add(change.object().getMetadata().getName());
                                    }
                                })
                        .start();
        statuses =
                new Informer<>(sets, ListQuery.inNamespace(namespace))
                        .onChange(change -> record(change.after()))
                        .start();
    }

    private void record(@Nullable ExPodSet set) {
        if (set != null && set.status() != null) {
            set.status().conditions().forEach(c -> said.add(c.type() + " " + c.reason()));
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        // The next test's controllers look into every namespace.
        sets.delete(key, DeleteOptions.PLAIN);
        watch.close();
        statuses.close();
        kubelet.close();
        stopController();
        agents.close();
    }

    private void startController() throws InterruptedException {
        informers = new Informers(kube);
        Clock clock = Clock.systemUTC();
        ControllerContext context =
                new ControllerContext(
                        kube,
                        informers,
                        new KubeEventRecorder(kube.of(BuiltIn.EVENTS), "it", "it", clock),
                        new AgentClient(
                                (uid, caller, act, body) -> "a-token",
                                agents.port(),
                                agents.port(),
                                address -> true),
                        new Metrics(),
                        clock);
        controller = ExPodSetController.create(context, 4);
        informers.start();
        assertThat(informers.awaitSync(Duration.ofSeconds(20))).isTrue();
        controller.start();
    }

    private void stopController() throws InterruptedException {
        controller.drain(Duration.ofSeconds(10));
        informers.close();
    }

    @Test
    void restartsInTheOrderOfThePodsAndAsksBeforeEachStep() {
        agents.play(_ -> FakeAgents.order("s-1", "s-2", "s-0"));
        create(3, "\"restartOrder\": {}");

        live.setImage("image:2");
        awaitImage("image:2", 0, 1, 2);

        assertThat(gone).containsExactly("s-1", "s-2", "s-0");
        assertThat(agents.calls().stream().map(Call::api)).containsOnly("restart-order");
        assertThat(agents.calls().stream().map(Call::key)).doesNotHaveDuplicates();
        assertThat(agents.calls().stream().map(call -> call.parameters().get("outdated")))
                .as("what is left to be done, before each step")
                .extracting(Object::toString)
                .contains("[0,1,2]", "[0,2]", "[0]");
        assertThat(kubelet.mostMissing(3)).isLessThanOrEqualTo(1);
        awaitCondition("OrderKnown", "AskedEachTime");
    }

    @Test
    void aChangedMindCounts() {
        agents.play(
                _ ->
                        gone.isEmpty()
                                ? FakeAgents.order("s-1", "s-2", "s-0")
                                : FakeAgents.order("s-0", "s-1", "s-2"));
        create(3, "\"restartOrder\": {}");

        live.setImage("image:2");
        awaitImage("image:2", 0, 1, 2);

        assertThat(gone).containsExactly("s-1", "s-0", "s-2");
    }

    @Test
    void anApiThatHangsLeavesTheRoles() {
        agents.play(_ -> FakeAgents.RUNS);
        create(3, "\"restartOrder\": {\"timeoutSeconds\": 1, \"onFailure\": \"Roles\"}");
        pods.patch(
                new ObjectKey(namespace, "s-2"),
                new Patch.Merge(
                        SetWorld.json(
                                "{\"metadata\": {\"labels\": {\"middleware.paas.io/role\": \"primary\"}}}")));

        live.setImage("image:2");
        awaitImage("image:2", 0, 1, 2);

        assertThat(said).contains("OrderKnown RolesUsed");

        assertThat(gone).as("the primary comes last").containsExactly("s-1", "s-0", "s-2");
        assertThat(kubelet.mostMissing(3)).isLessThanOrEqualTo(1);
    }

    @Test
    void aLiePausesUntilItIsTakenBack() {
        AtomicReference<Answer> answer = new AtomicReference<>(FakeAgents.order("s-1", "s-2"));
        agents.play(_ -> answer.get());
        create(3, "\"restartOrder\": {}");

        live.setImage("image:2");
        awaitCondition("Stalled", "OrderUnknown");
        assertThat(live.condition("OrderKnown").message()).contains("s-0 leaves out s-0");
        answer.set(FakeAgents.order("s-1", "s-2", "x-0"));
        await().atMost(LIMIT)
                .until(
                        () ->
                                live.condition("OrderKnown")
                                        .message()
                                        .contains("x-0, which is no running"));
        answer.set(new Answer(503, "HookNotYet", ""));
        awaitCondition("OrderKnown", "Waiting");
        assertThat(gone).isEmpty();

        answer.set(FakeAgents.order("s-2", "s-0", "s-1"));
        awaitImage("image:2", 0, 1, 2);

        assertThat(gone).containsExactly("s-2", "s-0", "s-1");
        awaitCondition("Stalled", "NoProblem");
    }

    @Test
    void anAgentThatIsAwayPausesByDefault() {
        create(3, "\"restartOrder\": {\"timeoutSeconds\": 1}");
        agents.close();

        live.setImage("image:2");
        awaitCondition("Stalled", "OrderUnknown");

        assertThat(live.condition("OrderKnown").message()).contains("no connection to the agent");
        assertThat(gone).isEmpty();
        // The revert heals at once.
        live.setImage("image:1");
        awaitCondition("Stalled", "NoProblem");
    }

    @Test
    void noPodLeavesBeforeTheHookIsDoneAlsoWhenTheControllerDies() throws InterruptedException {
        AtomicReference<Answer> answer = new AtomicReference<>(FakeAgents.RUNS);
        agents.play(_ -> answer.get());
        create(4, "\"preScaleIn\": {}");
        Map<String, String> before = live.uids();

        live.patchSpec("{\"replicas\": 3, \"offlineOrdinals\": [\"1\"]}");
        await().atMost(LIMIT).until(() -> agents.calls().size() == 1);
        stopController();
        startController();
        await().atMost(LIMIT).until(() -> agents.calls().size() == 2);

        List<Call> calls = List.copyOf(agents.calls());
        assertThat(calls.get(0)).isEqualTo(calls.get(1));
        assertThat(calls.get(0).pod()).isEqualTo("s-0");
        assertThat(calls.get(0).api()).isEqualTo("pre-scale-in");
        assertThat(calls.get(0).parameters().get("leaving")).hasToString("[1]");
        assertThat(calls.get(0).parameters().getAsJsonArray("members")).hasSize(4);
        awaitCondition("ScaledIn", "Leaving");
        assertThat(live.uids()).isEqualTo(before);
        answer.set(FakeAgents.DONE);
        awaitImage("image:1", 0, 2, 3);

        before.remove("s-1");
        assertThat(live.uids()).isEqualTo(before);
        awaitCondition("ScaledIn", "NobodyLeaves");
        assertThat(agents.calls()).hasSize(2);
    }

    @Test
    void aPodThatIsWantedAgainWhileTheHookRunsStays() {
        AtomicReference<Answer> answer = new AtomicReference<>(FakeAgents.RUNS);
        agents.play(_ -> answer.get());
        create(3, "\"preScaleIn\": {}");
        Map<String, String> before = live.uids();

        live.patchSpec("{\"replicas\": 2}");
        await().atMost(LIMIT).until(() -> agents.calls().size() == 1);
        live.patchSpec("{\"replicas\": 3}");
        awaitCondition("ScaledIn", "NobodyLeaves");
        answer.set(FakeAgents.DONE);
        // What was done for the spec of before is not good for the same wish of now.
        live.patchSpec("{\"replicas\": 2}");
        await().atMost(LIMIT).until(() -> agents.calls().size() == 2);
        awaitImage("image:1", 0, 1);

        before.remove("s-2");
        assertThat(live.uids()).isEqualTo(before);
    }

    @Test
    void incompatiblePausesAndTheWishCanBeTakenBack() {
        agents.play(_ -> new Answer(412, "HookIncompatible", ""));
        create(3, "\"preScaleIn\": {\"onFailure\": \"Proceed\"}");
        Map<String, String> before = live.uids();

        live.patchSpec("{\"replicas\": 2}");
        awaitCondition("Stalled", "LeaveFailed");
        assertThat(live.condition("ScaledIn").message()).contains("Leaving: 2.", "HTTP 412");
        live.patchSpec("{\"replicas\": 3}");
        awaitCondition("Stalled", "NoProblem");

        assertThat(live.uids()).isEqualTo(before);
        assertThat(agents.calls()).hasSize(1);
    }

    @Test
    void proceedsAfterTheLastRetryWhereItIsDeclared() {
        agents.play(_ -> new Answer(422, "HookFailed", ""));
        create(
                3,
                "\"preScaleIn\": {\"onFailure\": \"Proceed\", \"retries\": 1,"
                        + " \"retryIntervalSeconds\": 1}");

        live.patchSpec("{\"replicas\": 2}");
        awaitImage("image:1", 0, 1);

        assertThat(agents.calls()).hasSize(2);
        assertThat(agents.calls().stream().map(Call::key)).doesNotHaveDuplicates();
    }

    private void create(int replicas, String hooks) {
        live.create(
                """
                        {"metadata": {"name": "s"},
                         "spec": {
                           "replicas": %d, "serviceName": "svc", "podManagementPolicy": "Parallel",
                           "restartOrder": ["replica", "primary"], "hooks": {%s},
                           "selector": {"matchLabels": {"app": "s"}},
                           "template": {"metadata": {"labels": {"app": "s"}},
                             "spec": {"terminationGracePeriodSeconds": 0,
                               "containers": [{"name": "main", "image": "image:1"}]}}}}"""
                        .formatted(replicas, hooks));
        Integer[] ordinals = new Integer[replicas];
        for (int i = 0; i < replicas; i++) {
            ordinals[i] = i;
        }
        awaitImage("image:1", ordinals);
    }

    private void awaitImage(String image, Integer... ordinals) {
        Map<String, String> expected = new TreeMap<>();
        for (int ordinal : ordinals) {
            expected.put("s-" + ordinal, image);
        }
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            assertThat(live.images()).isEqualTo(expected);
                            ExPodSet.Status status = sets.get(key).status();
                            assertThat(status).isNotNull();
                            assertThat(status.availableReplicas()).isEqualTo(ordinals.length);
                        });
    }

    private void awaitCondition(String type, String reason) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(live.condition(type).reason()).isEqualTo(reason));
    }
}
