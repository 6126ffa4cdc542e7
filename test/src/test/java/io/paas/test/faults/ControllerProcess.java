package io.paas.test.faults;

import io.paas.agent.AgentClient;
import io.paas.controllers.expodset.ExPodSetController;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.KubeEventRecorder;
import io.paas.kube.metrics.Metrics;
import io.paas.test.proxy.Door;
import io.paas.test.support.KubeApiServer;
import java.time.Clock;
import java.time.Duration;

/// One life of the ExPodSet controller: caches, queue and memory of its own, started as the real
/// process starts it.
///
/// It lives in this JVM because a JVM of its own costs seconds. Its door makes the death honest:
/// from the moment it is closed nothing of this life reaches the server; what it knew is not handed
/// on.
final class ControllerProcess implements AutoCloseable {

    private final Door door;
    private final Informers informers;
    private final KubeEventRecorder events;
    private final Controller controller;

    ControllerProcess(KubeApiServer server, Door door, int concurrency) {
        this.door = door;
        Metrics metrics = new Metrics();
        KubeClient kube =
                KubeClient.withToken(
                        door.url(), server.adminToken(), server.ca(), "controllers", metrics);
        this.informers = new Informers(kube);
        this.events =
                new KubeEventRecorder(
                        kube.of(BuiltIn.EVENTS), "faults", "faults", Clock.systemUTC());
        AgentClient agents = new AgentClient((uid, caller, act, body) -> "unused");
        this.controller =
                ExPodSetController.create(
                        new ControllerContext(
                                kube, informers, events, agents, metrics, Clock.systemUTC()),
                        concurrency);
    }

    /// Returns when the caches are filled, or the process was killed before.
    ControllerProcess start() throws InterruptedException {
        informers.start();
        while (door.isOpen() && !informers.awaitSync(Duration.ofMillis(100))) {
            // As the real process: caches first, however long it takes.
        }
        if (door.isOpen()) {
            controller.start();
        }
        return this;
    }

    /// Ends what is left of a life whose door is closed.
    @Override
    public void close() {
        door.close();
        informers.close();
        events.close();
        try {
            controller.drain(Duration.ZERO);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
