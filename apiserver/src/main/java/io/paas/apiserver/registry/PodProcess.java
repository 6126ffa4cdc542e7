package io.paas.apiserver.registry;

import io.paas.agent.AgentClient;
import io.paas.apiserver.discovery.Parent;
import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.kinds.ProcessStatus;
import io.paas.apiserver.request.ApiResponse;
import io.paas.token.Caller;

/// `GET pods/{name}/process`: how the process is.
final class PodProcess implements Subresource {

    private final PodAgents pods;
    private final AgentClient agents;

    PodProcess(PodAgents pods, AgentClient agents) {
        this.pods = pods;
        this.agents = agents;
    }

    @Override
    public Route route() {
        return new Route(
                Parent.PODS,
                "process",
                Route.Method.GET,
                null,
                GroupVersionKind.ours("ProcessStatus"),
                ProcessStatus.class,
                "read the state of the Pod's process");
    }

    @Override
    public ApiResponse answer(Call call) {
        PodAgents.Target target = pods.find(call);
        Caller caller = new Caller(call.user().name(), null, call.auditId());
        io.paas.wire.ProcessStatus status =
                PodAgents.answered(call, agents.process(target.address(), caller)).body();
        return Answer.of(call, 200, "ProcessStatus", WireAnswers.status(call.name(), status));
    }
}
