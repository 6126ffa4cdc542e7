package io.paas.controllers.expodset;

import io.paas.kube.client.ObjectKey;
import io.paas.plan.expodset.HookCalls;
import java.time.InstantSource;

/// The calls to Pods of all sets, beside postScaleOut.
record PodCalls(OrderCalls orders, LeaveCalls leaves) {

    static PodCalls by(LifecycleClient client, InstantSource clock) {
        return new PodCalls(new OrderCalls(client, clock), new LeaveCalls(client, clock));
    }

    HookCalls of(ObjectKey set) {
        return new HookCalls(orders.answers(set), leaves.call(set));
    }

    void forget(ObjectKey set) {
        orders.forget(set);
        leaves.forget(set);
    }
}
