package io.paas.apiserver.registry;

import io.paas.api.json.Json;
import io.paas.api.v1.Kind;
import io.paas.api.v1.Operation;
import io.paas.api.v1.Operation.Control;
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
import java.util.Locale;

/// `POST operations/{name}/{pause,resume,cancel}`: sets `spec.control`; the controllers obey before
/// the next step. Repeating it changes nothing.
final class OperationControl implements Subresource {

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
        boolean dryRun = OptionChecks.isDryRun(call.request(), body.value().dryRun());
        Operation operation = cluster.operation(call.namespace(), call.name());
        if (operation.status() != null
                && operation.status().phase() != null
                && operation.status().phase().isFinal()) {
            throw conflict(call, "it is over: " + word(operation.status().phase()));
        }
        if (operation.spec().control() == Control.CANCEL && control != Control.CANCEL) {
            throw conflict(call, "it is being cancelled");
        }
        String path = Cluster.path(Kind.OPERATION, call.namespace()) + "/" + call.name();
        var patch = Trees.object();
        patch.putObject("metadata").put("uid", operation.metadata().getUid());
        patch.putObject("spec").set("control", Json.tree(control));
        try {
            return body.warn(
                    Answer.of(
                            call.request(),
                            200,
                            kube.mergePatch(path + (dryRun ? "?dryRun=All" : ""), patch)));
        } catch (KubeFailure e) {
            throw e.toFailure("cannot " + verb() + " operations \"" + call.name() + "\"");
        }
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

    private static String word(Operation.Phase phase) {
        String name = phase.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
