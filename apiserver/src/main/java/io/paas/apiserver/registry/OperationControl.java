package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.json.Json;
import io.paas.api.v1.Kind;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Control;
import io.paas.api.v1.Operation.Phase;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.client.KubeApi;
import io.paas.apiserver.client.KubeFailure;
import io.paas.apiserver.discovery.Parent;
import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.kinds.ControlOptions;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Trees;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// `POST operations/{name}/{pause,resume,cancel}`: sets `spec.control`; the controllers obey before
/// the next step. Repeating it changes nothing, also when the Operation is over since.
final class OperationControl implements Subresource {

    /// The controllers write the status of a running Operation several times a second, and each
    /// write is another resourceVersion.
    private static final int ATTEMPTS = 5;

    private final Control control;
    private final KubeApi kube;
    private final Cluster cluster;

    OperationControl(Control control, KubeApi kube, Cluster cluster) {
        this.control = control;
        this.kube = kube;
        this.cluster = cluster;
    }

    @Override
    public Route route() {
        return new Route(
                Parent.OPERATIONS,
                verb(),
                Route.Method.POST,
                ControlOptions.class,
                new GroupVersionKind(Kind.GROUP, Kind.VERSION, "Operation"),
                null,
                verb() + " the Operation before its next step");
    }

    @Override
    public ApiResponse answer(Call call) {
        Body<ControlOptions> body = Body.read(call.request(), ControlOptions.class);
        List<Failure.Cause> causes = OptionChecks.violations(body.value());
        if (!causes.isEmpty()) {
            throw Failure.invalid(GroupVersionKind.GROUP, "ControlOptions", call.name(), causes);
        }
        boolean dryRun = OptionChecks.isDryRun(call.request(), body.value().dryRun());
        return body.warn(Answer.of(call.request(), 200, controlled(call, dryRun, 1)));
    }

    private JsonNode controlled(Call call, boolean dryRun, int attempt) {
        Operation operation = cluster.operation(call.namespace(), call.name());
        Phase phase = operation.status() == null ? null : operation.status().phase();
        Control now = Objects.requireNonNullElse(operation.spec().control(), Control.RUN);
        if (now == control || (control == Control.CANCEL && phase == Phase.CANCELLED)) {
            return Json.tree(operation);
        }
        if (phase != null && phase.isFinal()) {
            throw conflict(call, "it is over: " + word(phase));
        }
        if (now == Control.CANCEL) {
            throw conflict(call, "it is being cancelled");
        }
        String path = Cluster.path(Kind.OPERATION, call.namespace()) + "/" + call.name();
        try {
            return kube.mergePatch(path + (dryRun ? "?dryRun=All" : ""), patch(operation));
        } catch (KubeFailure e) {
            if (e.code() == 409 && attempt < ATTEMPTS) {
                return controlled(call, dryRun, attempt + 1);
            }
            throw e.toFailure("cannot " + verb() + " operations \"" + call.name() + "\"");
        }
    }

    /// Holds for exactly the object that was read: a resume must not undo a cancel that came
    /// between.
    private ObjectNode patch(Operation operation) {
        ObjectNode patch = Trees.object();
        patch.putObject("metadata")
                .put("uid", operation.metadata().getUid())
                .put("resourceVersion", operation.metadata().getResourceVersion());
        patch.putObject("spec").set("control", Json.tree(control));
        return patch;
    }

    private Failure conflict(Call call, String why) {
        return Failure.conflict(
                Kind.GROUP,
                "operations",
                call.name(),
                "cannot " + verb() + " operations \"" + call.name() + "\": " + why);
    }

    private String verb() {
        return switch (control) {
            case RUN -> "resume";
            case PAUSE -> "pause";
            case CANCEL -> "cancel";
        };
    }

    private static String word(Phase phase) {
        String name = phase.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
