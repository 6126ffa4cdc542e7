package io.paas.controllers.expodset;

import io.paas.controllers.runtime.ControllerContext;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.Result;

/// Wires the ExPodSet reconciler to its caches.
public final class ExPodSetController {

    private ExPodSetController() {}

    public static Controller create(ControllerContext context, int concurrency) {
        return new Controller("expodset", _ -> Result.DONE, concurrency, context.metrics());
    }
}
