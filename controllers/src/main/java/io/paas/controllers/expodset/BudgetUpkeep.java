package io.paas.controllers.expodset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.api.v1.ExPodSet;
import io.paas.controllers.runtime.Informers;
import io.paas.controllers.runtime.Manifest;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.DeleteOptions;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import io.paas.kube.informer.Informer;
import io.paas.plan.expodset.DisruptionBudget;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Keeps the PodDisruptionBudget that a set asks for, and takes its own away again.
final class BudgetUpkeep implements Upkeep {

    private final ResourceClient<Manifest> client;
    private final Informer<Manifest> cache;
    private final BiConsumer<ObjectKey, Manifest> wrote;

    /// An upkeep.
    ///
    /// @param wrote told of every answer to a write, with the set's key
    BudgetUpkeep(
            ResourceClient<Manifest> client,
            Informer<Manifest> cache,
            BiConsumer<ObjectKey, Manifest> wrote) {
        this.client = client;
        this.cache = cache;
        this.wrote = wrote;
    }

    @Override
    public List<Problem> keep(ExPodSet set) {
        ObjectKey key = ObjectKey.of(set);
        Manifest live = cache.get(key);
        try {
            if (DisruptionBudget.isWanted(set)) {
                ensure(set, key, live);
            } else if (live != null && isOurs(set, live)) {
                client.delete(key, DeleteOptions.PLAIN)
                        .ifPresent(answer -> wrote.accept(key, answer));
            }
            return List.of();
        } catch (NameTaken taken) {
            return List.of(new Problem("NameTaken", taken.getMessage()));
        } catch (ApiFailure failure) {
            return List.of(
                    new Problem("FailedUpdate", "PodDisruptionBudget: " + failure.getMessage()));
        }
    }

    private void ensure(ExPodSet set, ObjectKey key, @Nullable Manifest live) {
        ObjectNode wanted = DisruptionBudget.of(set);
        if (live == null) {
            create(set, key, wanted);
            return;
        }
        NameTaken.requireOurs(set, client.resource(), live);
        // The server defaults nothing in it, so that another spec is another wish.
        if (!wanted.path("spec").equals(live.json().path("spec"))) {
            wrote.accept(key, apply(key, wanted));
        }
    }

    private Manifest apply(ObjectKey key, ObjectNode wanted) {
        return client.patch(key, new Patch.Apply(Manifest.gson(wanted)));
    }

    private void create(ExPodSet set, ObjectKey key, ObjectNode wanted) {
        try {
            wrote.accept(key, client.create(key.namespace(), Manifest.gson(wanted)));
        } catch (ApiFailure.Conflict conflict) {
            if (!conflict.alreadyExists()) {
                throw conflict;
            }
            // The cache shows only those that bear our labels, and this one may have lost them.
            client.find(key)
                    .ifPresent(
                            present -> {
                                NameTaken.requireOurs(set, client.resource(), present);
                                wrote.accept(key, apply(key, wanted));
                            });
        }
    }

    private static boolean isOurs(ExPodSet set, Manifest live) {
        var owner = Informers.controllerOf(live);
        return owner != null && owner.getUid().equals(set.metadata().getUid());
    }
}
