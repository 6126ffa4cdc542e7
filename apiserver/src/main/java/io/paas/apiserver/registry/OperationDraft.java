package io.paas.apiserver.registry;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import io.paas.api.meta.Labels;
import io.paas.api.v1.Kind;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.api.v1.Operation;
import io.paas.apiserver.kinds.ClusterProcessOptions;
import io.paas.apiserver.kinds.ClusterProcessOptions.ProcessSelector;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes Operations from requests. Pure but for the random part of a name that nobody chose.
final class OperationDraft {

    /// Short enough for `<cluster of 40>-r-<id>` to stay a label.
    private static final Pattern USABLE_ID = Pattern.compile("[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?");

    private OperationDraft() {}

    /// The parameters with all defaults filled in, so that two equal requests are equal.
    static Operation.Parameters parameters(ClusterProcessOptions options) {
        ProcessSelector selector =
                Objects.requireNonNullElseGet(
                        options.selector(), () -> new ProcessSelector(List.of(), null, List.of()));
        return Operation.Parameters.ofProcesses(
                selector.groups(),
                selector.role(),
                selector.ordinals(),
                Objects.equals(options.mode(), "Force")
                        ? Operation.Mode.FORCE
                        : Operation.Mode.GRACEFUL,
                options.gracePeriodSeconds(),
                Objects.requireNonNullElse(options.maxConcurrent(), 1),
                Objects.requireNonNullElse(options.intervalSeconds(), 0));
    }

    static Operation.RequestedBy requestedBy(Call call, @Nullable String requestId) {
        return new Operation.RequestedBy(call.user().name(), requestId, call.auditId());
    }

    /// The name of the Operation of a request: the same id gives the same name, so that of two
    /// simultaneous equal requests one finds the other's. `-r-` keeps it apart from the
    /// controllers' `<cluster>-g<generation>`.
    static String name(String cluster, @Nullable String requestId) {
        String id = requestId == null ? UUID.randomUUID().toString().substring(0, 8) : requestId;
        return cluster + "-r-" + (USABLE_ID.matcher(id).matches() ? id : hash(id));
    }

    /// Owned by its cluster, so that it goes with it: a cluster that is made again under the same
    /// name must not answer an old requestID.
    static Operation of(
            MiddlewareCluster cluster, String name, Operation.Type type, ClusterRequest request) {
        return new Operation(
                Kind.API_VERSION,
                Kind.OPERATION.kind(),
                new V1ObjectMeta()
                        .name(name)
                        .namespace(cluster.metadata().getNamespace())
                        .labels(
                                Map.of(
                                        Labels.CLUSTER,
                                        nameOf(cluster),
                                        Labels.MANAGED_BY,
                                        Labels.MANAGED_BY_VALUE))
                        .addOwnerReferencesItem(
                                new V1OwnerReference()
                                        .apiVersion(Kind.API_VERSION)
                                        .kind(Kind.MIDDLEWARE_CLUSTER.kind())
                                        .name(nameOf(cluster))
                                        .uid(Objects.requireNonNull(cluster.metadata().getUid()))
                                        .controller(true)),
                new Operation.Spec(
                        type,
                        nameOf(cluster),
                        request.given(),
                        null,
                        request.retryOf(),
                        request.requestedBy(),
                        null,
                        null,
                        null),
                null);
    }

    private static String nameOf(MiddlewareCluster cluster) {
        return Objects.requireNonNull(cluster.metadata().getName());
    }

    /// The Operation as it looks before its first step.
    static Operation pending(Operation operation, List<Operation.Step> steps, String message) {
        return withStatus(operation, Operation.Phase.PENDING, steps, message);
    }

    /// The Operation of a request that has nothing to do; nobody writes it.
    static Operation nothingToDo(Operation operation, String message) {
        return withStatus(operation, Operation.Phase.SUCCEEDED, List.of(), message);
    }

    private static Operation withStatus(
            Operation operation,
            Operation.Phase phase,
            List<Operation.Step> steps,
            String message) {
        return new Operation(
                operation.apiVersion(),
                operation.kind(),
                operation.metadata(),
                operation.spec(),
                new Operation.Status(
                        null,
                        phase,
                        "0/" + steps.size(),
                        message,
                        null,
                        null,
                        null,
                        null,
                        steps,
                        List.of()));
    }

    private static String hash(String id) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
