package io.paas.controllers.operation;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.paas.api.json.Json;
import io.paas.api.meta.Annotations;
import io.paas.api.v1.Operation;
import io.paas.api.v1.OperationOutcome;
import io.paas.controllers.runtime.ClusterOperations;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.controller.Reconciler;
import io.paas.kube.controller.Result;
import io.paas.plan.process.ProcessPlanner;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One round for one Operation: observe, plan, write the status, begin calls.
final class OperationReconciler implements Reconciler {

    private final ResourceClient<Operation> client;
    private final ClusterOperations operations;
    private final OperationObserver observer;
    private final StepCalls calls;
    private final Turns turns;
    private final EventRecorder events;
    private final Consumer<ObjectKey> again;

    OperationReconciler(
            ResourceClient<Operation> client,
            ClusterOperations operations,
            OperationObserver observer,
            StepCalls calls,
            Turns turns,
            EventRecorder events,
            Consumer<ObjectKey> again) {
        this.client = client;
        this.operations = operations;
        this.observer = observer;
        this.calls = calls;
        this.turns = turns;
        this.events = events;
        this.again = again;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Operation operation = read(key);
        if (operation == null || operation.metadata().getDeletionTimestamp() != null) {
            return Result.DONE;
        }
        OperationSnapshot snapshot = observer.observe(operation, blockedBy(operation));
        OperationPlan plan = OperationPlanner.plan(snapshot);
        if (plan.delete()) {
            client.delete(key, DeleteOptions.ofUid(snapshot.uid()).propagating("Background"));
            return Result.DONE;
        }
        if (plan.status() != null) {
            client.patchStatus(key, patch(recorded(key, operation, plan), plan.status()));
        }
        report(operation, plan);
        release(operation, plan);
        plan.calls().forEach(call -> calls.begin(call, _ -> again.accept(key)));
        return plan.recheck() == null ? Result.DONE : Result.after(plan.recheck());
    }

    /// An open Operation is read from the server: a step must not be judged by a status that lags
    /// behind our own writes.
    private @Nullable Operation read(ObjectKey key) {
        Operation cached = operations.cache().get(key);
        return cached == null || Turns.isOpen(cached) ? client.find(key).orElse(null) : cached;
    }

    private @Nullable String blockedBy(Operation operation) {
        return Turns.isOpen(operation)
                ? turns.take(operation, operations.on(ClusterOperations.clusterOf(operation)))
                : null;
    }

    /// The turn is kept from the beginning to the end, not by one that only waits.
    private void release(Operation operation, OperationPlan plan) {
        Operation.Status status = plan.status() == null ? operation.status() : plan.status();
        boolean holds =
                status != null
                        && status.startedAt() != null
                        && !Objects.requireNonNull(status.phase()).isFinal();
        if (!holds) {
            turns.release(operation);
        }
        if (status != null && status.phase() != null && status.phase().isFinal()) {
            calls.forget(Objects.requireNonNull(operation.metadata().getUid()));
        }
    }

    private void report(Operation operation, OperationPlan plan) {
        String action = ProcessPlanner.word(operation.spec().type());
        for (OperationPlan.Notice notice : plan.notices()) {
            if (notice.warning()) {
                events.warning(operation, action, notice.reason(), notice.note());
            } else {
                events.normal(operation, action, notice.reason(), notice.note());
            }
        }
    }

    /// Records the outcome before the status tells it: killed in between, the next round finds it.
    private Operation recorded(ObjectKey key, Operation operation, OperationPlan plan) {
        if (plan.outcome() == null || OperationOutcome.of(operation) != null) {
            return operation;
        }
        JsonObject annotations = new JsonObject();
        annotations.addProperty(Annotations.OUTCOME, Json.write(plan.outcome()));
        JsonObject metadata = metadata(operation);
        metadata.add("annotations", annotations);
        JsonObject body = new JsonObject();
        body.add("metadata", metadata);
        return client.patch(key, new Patch.Merge(body));
    }

    private static JsonObject metadata(Operation operation) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("resourceVersion", operation.metadata().getResourceVersion());
        return metadata;
    }

    /// The whole status, refused with a conflict if anybody wrote in between.
    private static Patch patch(Operation operation, Operation.Status status) {
        JsonObject wanted = JsonParser.parseString(Json.write(status)).getAsJsonObject();
        if (operation.status() != null) {
            JsonObject before =
                    JsonParser.parseString(Json.write(operation.status())).getAsJsonObject();
            for (String field : List.copyOf(before.keySet())) {
                if (!wanted.has(field)) {
                    wanted.add(field, JsonNull.INSTANCE);
                }
            }
        }
        JsonObject body = new JsonObject();
        body.add("metadata", metadata(operation));
        body.add("status", wanted);
        return new Patch.Merge(body);
    }
}
