package io.paas.controllers.operation;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.paas.agent.AgentAddress;
import io.paas.agent.AgentReply;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.v1.Kind;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Control;
import io.paas.controllers.operation.OperationSnapshot.CallState;
import io.paas.plan.process.GroupSnapshot;
import io.paas.token.Caller;
import io.paas.wire.ChangeState;
import io.paas.wire.DesiredState;
import io.paas.wire.ProcessRequest;
import io.paas.wire.ProcessResult;
import io.paas.wire.ProcessState;
import io.paas.wire.ProcessStatus;
import io.paas.wire.ProcessVerb;
import io.paas.wire.Reasons;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// A cluster, its agents and a controller in one thread and one clock. Calls take two seconds.
final class FakeWorld {

    private static final Duration CALL = Duration.ofSeconds(2);

    /// A Pod with its agent, which remembers the requests that it has answered.
    private static final class FakePod {
        String role;
        String unseenRole;
        String uid;
        boolean up = true;
        boolean ready = true;
        boolean stuck;
        int awaySeconds;
        boolean unreachable;
        int failures;
        int pid = 10;
        OffsetDateTime startedAt;
        final Map<String, ProcessResult> answered = new HashMap<>();
    }

    private record Running(StepCall call, OffsetDateTime end) {}

    private final Map<String, FakePod> pods = new TreeMap<>();
    private final Set<String> wanted = new HashSet<>();
    private final Map<String, Running> running = new HashMap<>();
    private final Map<String, CallState.Ended> ended = new HashMap<>();
    private final List<String> changes = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final AgentStepRunner runner = new AgentStepRunner(new FakeAgents());
    private OperationSnapshot.ClusterState cluster = OperationSnapshot.ClusterState.PRESENT;
    private OffsetDateTime now = OffsetDateTime.parse("2026-01-01T00:00:00Z");
    private Operation operation;
    private String blockedBy;
    private int writes;
    private int mostAtOnce;
    private Random killer;
    private double killChance;

    FakeWorld pods(String... roles) {
        pods.clear();
        wanted.clear();
        for (int i = 0; i < roles.length; i++) {
            FakePod pod = new FakePod();
            pod.role = roles[i];
            pod.uid = "uid-" + i;
            pod.startedAt = now.minusHours(1);
            pods.put("demo-nodes-" + i, pod);
            wanted.add("demo-nodes-" + i);
        }
        return this;
    }

    Operation.Parameters parameters(int atOnce, int interval) {
        return parameters(null, atOnce, interval);
    }

    Operation.Parameters parameters(String role, int atOnce, int interval) {
        return Operation.Parameters.ofProcesses(
                List.of(), role, List.of(), null, null, atOnce, interval);
    }

    void create(Operation.Type type, Operation.Parameters parameters) {
        operation =
                new Operation(
                        Kind.API_VERSION,
                        "Operation",
                        new V1ObjectMeta()
                                .name("o1")
                                .namespace("default")
                                .uid("3f0c8d3a-0000-4000-8000-000000000000")
                                .generation(1L)
                                .creationTimestamp(now),
                        new Operation.Spec(
                                type,
                                "demo",
                                parameters,
                                null,
                                null,
                                null,
                                3600,
                                604_800,
                                Control.RUN),
                        null);
    }

    void control(Control control) {
        Operation.Spec s = operation.spec();
        operation =
                new Operation(
                        operation.apiVersion(),
                        operation.kind(),
                        operation.metadata(),
                        new Operation.Spec(
                                s.type(),
                                s.cluster(),
                                s.parameters(),
                                s.transition(),
                                s.retryOf(),
                                s.requestedBy(),
                                s.deadlineSeconds(),
                                s.ttlSecondsAfterFinished(),
                                control),
                        operation.status());
    }

    void role(String pod, String role) {
        pods.get(pod).role = role;
    }

    /// Its process has another role already, its label not yet.
    void roleBeforeItsLabel(String pod, String role) {
        pods.get(pod).unseenRole = role;
    }

    void neverReadyAfterChange(String pod) {
        pods.get(pod).stuck = true;
    }

    /// The kubelet's next probe, a second after the change, begins to fail.
    void notReadyOneSecondAfterChange(String pod, int awaySeconds) {
        pods.get(pod).awaySeconds = awaySeconds;
    }

    void fail(String pod, int times) {
        pods.get(pod).failures = times;
    }

    void unreachable(String pod, boolean unreachable) {
        pods.get(pod).unreachable = unreachable;
    }

    void delete(String pod, boolean stillWanted) {
        pods.remove(pod);
        if (!stillWanted) {
            wanted.remove(pod);
        }
    }

    void recreate(String name) {
        FakePod pod = new FakePod();
        pod.role = "replica";
        pod.uid = "uid-new";
        pod.startedAt = now;
        pods.put(name, pod);
    }

    void blockedBy(String other) {
        blockedBy = other;
    }

    void cluster(OperationSnapshot.ClusterState state) {
        cluster = state;
    }

    /// From now on the controller may die before each write, between the write and the calls, and
    /// while calls run.
    void killing(Random random, double chance) {
        killer = random;
        killChance = chance;
    }

    Operation.Status status() {
        return operation.status();
    }

    Operation.Step step(String pod) {
        return status() == null
                ? none()
                : status().steps().stream()
                        .filter(step -> pod.equals(step.pod()))
                        .findFirst()
                        .orElseGet(FakeWorld::none);
    }

    private static Operation.Step none() {
        return new Operation.Step(
                "none", null, null, null, Operation.StepState.PENDING, null, null, null, null);
    }

    boolean isUp(String pod) {
        return pods.get(pod).up;
    }

    List<String> changes() {
        return changes;
    }

    List<String> notices() {
        return notices;
    }

    int writes() {
        return writes;
    }

    int mostAtOnce() {
        return mostAtOnce;
    }

    boolean isDeletedAfter(int seconds) {
        OffsetDateTime before = now;
        now = status().finishedAt().plusSeconds(seconds);
        boolean delete = OperationPlanner.plan(snapshot()).delete();
        now = before;
        return delete;
    }

    void runToTheEnd() {
        runUntil(() -> status() != null && status().phase().isFinal());
    }

    void runFor(int seconds) {
        OffsetDateTime end = now.plusSeconds(seconds);
        runUntil(() -> !now.isBefore(end));
    }

    void runUntil(BooleanSupplier done) {
        OffsetDateTime limit = now.plusHours(6);
        while (!done.getAsBoolean()) {
            if (now.isAfter(limit)) {
                throw new AssertionError("no end after six hours: " + status());
            }
            tick();
            now = now.plusSeconds(1);
        }
    }

    private void tick() {
        for (String step : List.copyOf(running.keySet())) {
            Running call = running.get(step);
            if (!call.end().isAfter(now)) {
                running.remove(step);
                lastAttempt.put(step, call.call().attempt());
                ended.put(step, new CallState.Ended(runner.run(call.call()), now));
            }
        }
        reconcile();
    }

    private void reconcile() {
        if (dies()) {
            return;
        }
        OperationPlan plan = OperationPlanner.plan(snapshot());
        if (plan.outcome() != null) {
            operation
                    .metadata()
                    .putAnnotationsItem(Annotations.OUTCOME, Json.write(plan.outcome()));
            if (dies()) {
                return;
            }
        }
        if (plan.status() != null) {
            writes++;
            status(plan.status());
        }
        plan.notices().forEach(notice -> notices.add(notice.reason() + ": " + notice.note()));
        if (dies()) {
            return;
        }
        for (StepCall call : plan.calls()) {
            running.putIfAbsent(call.step(), new Running(call, now.plus(CALL)));
        }
        mostAtOnce = Math.max(mostAtOnce, running.size());
    }

    void wipeStatus() {
        status(null);
    }

    private void status(Operation.Status status) {
        operation =
                new Operation(
                        operation.apiVersion(),
                        operation.kind(),
                        operation.metadata(),
                        operation.spec(),
                        status);
    }

    /// Calls that run are on their way: the agent still carries out what it was asked.
    private boolean dies() {
        if (killer == null || killer.nextDouble() >= killChance) {
            return false;
        }
        for (Running call : running.values()) {
            if (killer.nextBoolean()) {
                runner.run(call.call());
            }
        }
        running.clear();
        ended.clear();
        return true;
    }

    private OperationSnapshot snapshot() {
        Map<String, CallState> calls = new HashMap<>();
        List<Operation.Step> steps = status() == null ? List.of() : status().steps();
        for (Operation.Step step : steps) {
            if (running.containsKey(step.name())) {
                calls.put(step.name(), new CallState.InFlight());
            } else if (ended.containsKey(step.name())
                    && lastAttempt.getOrDefault(step.name(), 0).equals(step.attempt())) {
                calls.put(step.name(), ended.get(step.name()));
            }
        }
        Map<String, AgentAddress> agents = new HashMap<>();
        List<GroupSnapshot.Pod> present = new ArrayList<>();
        pods.forEach(
                (name, pod) -> {
                    agents.put(name, new AgentAddress("10.0.0.1", name, pod.uid));
                    present.add(
                            new GroupSnapshot.Pod(
                                    name, ordinal(name), pod.role, isReady(pod), "node"));
                });
        return new OperationSnapshot(
                operation,
                cluster,
                blockedBy,
                List.of(
                        new GroupSnapshot(
                                "nodes", List.of("replica", "primary"), present, missing())),
                wanted,
                Map.of(),
                false,
                agents,
                calls,
                now);
    }

    private List<GroupSnapshot.Pod> missing() {
        return wanted.stream()
                .filter(name -> !pods.containsKey(name))
                .sorted()
                .map(name -> new GroupSnapshot.Pod(name, ordinal(name), null, false, null))
                .toList();
    }

    private static int ordinal(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private boolean isReady(FakePod pod) {
        OffsetDateTime probe = pod.startedAt.plusSeconds(1);
        boolean away = !now.isBefore(probe) && now.isBefore(probe.plusSeconds(pod.awaySeconds));
        return pod.ready && !away;
    }

    private final Map<String, Integer> lastAttempt = new HashMap<>();

    private final class FakeAgents implements AgentStepRunner.Agents {

        @Override
        public AgentReply<ProcessStatus> process(AgentAddress agent, Caller caller) {
            FakePod pod = pods.get(agent.host());
            if (pod == null || pod.unreachable) {
                return new AgentReply.Unreachable<>("no connection", false);
            }
            if (!pod.uid.equals(agent.podUid())) {
                return new AgentReply.Refused<>(401, Reasons.WRONG_AUDIENCE, "another Pod");
            }
            return new AgentReply.Answered<>(
                    200,
                    new ProcessStatus(
                            "db",
                            pod.up ? ProcessState.RUNNING : ProcessState.STOPPED,
                            pod.up ? DesiredState.RUNNING : DesiredState.STOPPED,
                            pod.up ? pod.pid : null,
                            pod.up ? pod.startedAt.toInstant() : null,
                            0,
                            null,
                            pod.ready,
                            pod.role,
                            null,
                            "1"));
        }

        @Override
        public AgentReply<ProcessResult> run(
                AgentAddress agent, Caller caller, ProcessVerb verb, ProcessRequest request) {
            FakePod pod = pods.get(agent.host());
            String required = request.requiredRole();
            if (required != null && pod.unseenRole != null && !required.equals(pod.unseenRole)) {
                return new AgentReply.Refused<>(
                        409, Reasons.ROLE_DIFFERS, "the process is " + pod.unseenRole);
            }
            ProcessResult result =
                    pod.answered.computeIfAbsent(
                            request.requestID(), id -> change(agent.host(), pod, verb, id));
            return new AgentReply.Answered<>(200, result);
        }

        private ProcessResult change(String name, FakePod pod, ProcessVerb verb, String id) {
            if (pod.failures > 0) {
                pod.failures--;
                return new ProcessResult(
                        id, verb, pod.pid, null, 1, ChangeState.FAILED, null, "exploded");
            }
            int before = pod.pid;
            pod.up = verb != ProcessVerb.STOP;
            pod.ready = pod.up && !pod.stuck;
            pod.pid++;
            pod.startedAt = now;
            changes.add(verb.word() + " " + name);
            return new ProcessResult(
                    id, verb, before, pod.pid, 1, ChangeState.SUCCEEDED, null, null);
        }
    }
}
