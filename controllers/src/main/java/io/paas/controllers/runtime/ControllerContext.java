package io.paas.controllers.runtime;

import io.paas.agent.AgentClient;
import io.paas.kube.client.KubeClient;
import io.paas.kube.controller.EventRecorder;
import io.paas.kube.metrics.Metrics;
import java.time.InstantSource;

/// What a controller is made from.
public record ControllerContext(
        KubeClient kube,
        Informers informers,
        EventRecorder events,
        AgentClient agents,
        Metrics metrics,
        InstantSource clock) {}
