package io.paas.apiserver.registry;

import io.paas.agent.AgentClient;
import io.paas.agent.AgentReply;
import io.paas.api.v1.Operation;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.discovery.Parent;
import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.kinds.ProcessOptions;
import io.paas.apiserver.kinds.ProcessResult;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.token.Caller;
import io.paas.wire.ProcessRequest;
import io.paas.wire.ProcessState;
import io.paas.wire.ProcessStatus;
import io.paas.wire.ProcessVerb;
import io.paas.wire.StopMode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/// `POST pods/{name}/{start,stop,restart}` (FR-020 to FR-022): one short call to the Pod's agent.
///
/// 200 when it is done within 45 s (kube-apiserver cuts a proxied request after 60 s), 202 when the
/// agent goes on.
final class PodProcessVerb implements Subresource {

    private final ProcessVerb verb;
    private final Cluster cluster;
    private final PodAgents pods;
    private final AgentClient agents;

    PodProcessVerb(ProcessVerb verb, Cluster cluster, PodAgents pods, AgentClient agents) {
        this.verb = verb;
        this.cluster = cluster;
        this.pods = pods;
        this.agents = agents;
    }

    @Override
    public Route route() {
        return new Route(
                Parent.PODS,
                verb.word(),
                Route.Method.POST,
                ProcessOptions.class,
                GroupVersionKind.ours("ProcessResult"),
                ProcessResult.class,
                verb.word() + " the Pod's process; the Pod and its containers go on");
    }

    @Override
    public ApiResponse answer(Call call) {
        Body<ProcessOptions> body = Body.read(call.request(), ProcessOptions.class);
        ProcessOptions options = body.value();
        List<Failure.Cause> causes = OptionChecks.violations(options);
        if (!causes.isEmpty()) {
            throw Failure.invalid(GroupVersionKind.GROUP, "ProcessOptions", call.name(), causes);
        }
        boolean dryRun = OptionChecks.isDryRun(call.request(), options.dryRun());
        PodAgents.Target target = pods.find(call);
        Caller caller = new Caller(call.user().name(), options.requestID(), call.auditId());
        ProcessRequest request = request(options);
        if (!Boolean.TRUE.equals(options.ignoreRunningOperation())) {
            refuseDuringOperation(
                    call,
                    target.cluster(),
                    () -> !dryRun && isRepeated(call, target, caller, options, request));
        }
        if (dryRun) {
            ProcessStatus now =
                    PodAgents.answered(call, agents.process(target.address(), caller)).body();
            return body.warn(Answer.of(call, 200, "ProcessResult", planned(call.name(), now)));
        }
        AgentReply.Answered<io.paas.wire.ProcessResult> answered =
                PodAgents.answered(call, agents.run(target.address(), caller, verb, request));
        return body.warn(
                Answer.of(
                        call,
                        answered.code() == 202 ? 202 : 200,
                        "ProcessResult",
                        WireAnswers.result(call.name(), answered.body())));
    }

    /// Whether the agent knows the request: it then answers as before and runs nothing, so that an
    /// Operation that has begun since does not matter.
    private boolean isRepeated(
            Call call,
            PodAgents.Target target,
            Caller caller,
            ProcessOptions options,
            ProcessRequest request) {
        if (options.requestID() == null) {
            return false;
        }
        AgentReply<io.paas.wire.ProcessResult> known =
                agents.change(target.address(), caller, request.changeId(), 0);
        if (known instanceof AgentReply.Refused<?> refused && refused.code() == 404) {
            return false;
        }
        PodAgents.answered(call, known);
        return true;
    }

    private void refuseDuringOperation(Call call, String ofCluster, BooleanSupplier isRepeated) {
        Optional<Operation> running =
                Cluster.running(cluster.operations(call.namespace(), ofCluster));
        if (running.isPresent() && !isRepeated.getAsBoolean()) {
            String name = running.get().metadata().getName();
            throw Failure.conflict(
                    GroupVersionKind.GROUP,
                    "pods",
                    call.name(),
                    "Operation \"%s\" runs on cluster \"%s\"; wait for it, cancel it, or set ignoreRunningOperation"
                            .formatted(name, ofCluster));
        }
    }

    private static ProcessRequest request(ProcessOptions options) {
        return new ProcessRequest(
                Objects.equals(options.mode(), "Force") ? StopMode.FORCE : StopMode.GRACEFUL,
                options.gracePeriodSeconds(),
                Objects.requireNonNullElseGet(
                        options.requestID(), () -> UUID.randomUUID().toString()),
                null,
                null);
    }

    private ProcessResult planned(String pod, ProcessStatus now) {
        boolean runs = now.pid() != null;
        boolean nothing =
                (verb == ProcessVerb.START && now.state() == ProcessState.RUNNING)
                        || (verb == ProcessVerb.STOP && !runs);
        String message =
                nothing
                        ? "nothing to do: the process is " + (runs ? "running" : "stopped")
                        : "would " + verb.word() + " process " + now.name();
        return new ProcessResult(
                pod, null, verb.word(), now.pid(), null, null, "Planned", null, message);
    }
}
