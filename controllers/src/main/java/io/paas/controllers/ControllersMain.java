package io.paas.controllers;

import io.paas.agent.AgentClient;
import io.paas.api.v1.Kind;
import io.paas.controllers.cluster.ClusterController;
import io.paas.controllers.expodset.ExPodSetController;
import io.paas.controllers.extension.ExtensionControllers;
import io.paas.controllers.extension.Packages;
import io.paas.controllers.operation.OperationController;
import io.paas.controllers.runtime.ConfigMapKeyPublisher;
import io.paas.controllers.runtime.ControllerContext;
import io.paas.controllers.runtime.Informers;
import io.paas.controllers.runtime.Scope;
import io.paas.controllers.runtime.Selector;
import io.paas.kube.client.ApiResource;
import io.paas.kube.client.BuiltIn;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.Retry;
import io.paas.kube.controller.Controller;
import io.paas.kube.controller.KubeEventRecorder;
import io.paas.kube.controller.LeaderElection;
import io.paas.kube.metrics.Metrics;
import io.paas.token.KeyPublisher;
import io.paas.token.ProcessTokenMinter;
import io.paas.token.TokenMinter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts the process together: caches fill at once, the controllers start when it leads.
public final class ControllersMain {

    private static final Logger log = LoggerFactory.getLogger(ControllersMain.class);
    private static final String NAME = "middleware-controllers";
    // For reconciles that run at the end. What takes longer (a call to an agent) is given up and
    // done again by the next leader, which comes within 2.5 s of our SIGTERM.
    private static final Duration DRAIN = Duration.ofMillis(500);
    // A control plane that restarts or is upgraded. Longer, and being restarted does no harm.
    private static final Duration KUBE_IS_AWAY = Duration.ofMinutes(10);

    private ControllersMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ControllersConfig config;
        try {
            config = ControllersConfig.from(System.getenv(), arguments);
        } catch (IllegalArgumentException e) {
            log.error("cannot start: {}", e.getMessage());
            System.exit(2);
            return;
        }
        run(config);
    }

    private static void run(ControllersConfig config) throws IOException, InterruptedException {
        Metrics metrics = new Metrics();
        Clock clock = Clock.systemUTC();
        KubeClient kube = KubeClient.fromEnvironment(NAME, metrics);
        Informers informers = new Informers(kube, config.watchNamespaces(), config.selector());
        LeaderElection election =
                new LeaderElection(kube, config.namespace(), NAME, config.podName(), metrics);
        KubeClient fenced = kube.fencedBy(election.fence());
        KubeEventRecorder events =
                new KubeEventRecorder(
                        fenced.of(BuiltIn.EVENTS), "paas.io/controllers", config.podName(), clock);
        // Before anything that waits for kube-apiserver: the kubelet must see that this lives.
        HealthServer health = new HealthServer(config.httpPort(), informers::checks, metrics);
        ProcessTokenMinter tokens =
                minter(
                        config.podName(),
                        new ConfigMapKeyPublisher(kube),
                        clock,
                        new Retry(KUBE_IS_AWAY, ThreadLocalRandom.current()));
        ControllerContext context =
                new ControllerContext(
                        // Leases, Events and caches must not wait behind the reconcilers' calls.
                        config.rateLimit().map(fenced::limitedBy).orElse(fenced),
                        informers,
                        events,
                        new AgentClient(onlyLeading(election, tokens)),
                        metrics,
                        clock);

        List<Controller> controllers = controllers(context, config);
        informers.start();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> stop(controllers, election, tokens, events, health),
                                "shutdown"));
        election.start(() -> lead(informers, controllers), ControllersMain::lostLease);
    }

    /// Agents do what they are told: behind the same fence as kube-apiserver.
    private static TokenMinter onlyLeading(LeaderElection election, TokenMinter tokens) {
        return (podUid, caller, act, body) -> {
            if (!election.isLeading()) {
                // What AgentClient takes for "not sent".
                throw new IllegalArgumentException("this process does not hold its lease");
            }
            return tokens.mint(podUid, caller, act, body);
        };
    }

    /// Without its key published no agent believes this process.
    static ProcessTokenMinter minter(
            String podName, KeyPublisher publisher, InstantSource clock, Retry retry)
            throws InterruptedException {
        return retry.call(() -> ProcessTokenMinter.start(podName, publisher, clock));
    }

    /// One line for each controller.
    private static List<Controller> controllers(
            ControllerContext context, ControllersConfig config) {
        Packages packages = new Packages();
        int concurrency = config.concurrency();
        Scope scope = scope(context.informers(), config.selector());
        List<Controller> controllers = new ArrayList<>();
        controllers.addAll(ExtensionControllers.create(context, packages));
        controllers.add(ClusterController.create(context, packages, concurrency));
        controllers.add(ExPodSetController.create(context, concurrency).onlyFor(scope::hasSet));
        controllers.add(
                OperationController.create(context, concurrency).onlyFor(scope::hasOperation));
        return controllers;
    }

    private static Scope scope(Informers informers, Selector selector) {
        return new Scope(
                selector,
                informers.of(ApiResource.own(Kind.MIDDLEWARE_CLUSTER), ListQuery.ALL)::get,
                informers.of(ApiResource.own(Kind.EXPODSET), ListQuery.ALL)::get,
                informers.of(ApiResource.own(Kind.OPERATION), ListQuery.ALL)::get);
    }

    private static void lead(Informers informers, List<Controller> controllers) {
        try {
            while (!informers.awaitSync(Duration.ofMinutes(1))) {
                log.warn("leading, but caches are not filled yet");
            }
            controllers.forEach(Controller::start);
            log.info("leading: {} controllers started", controllers.size());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Halts instead of exiting: a graceful stop would go on writing beside the new leader.
    private static void lostLease() {
        log.error("lost the lease, ending");
        Runtime.getRuntime().halt(1);
    }

    private static void stop(
            List<Controller> controllers,
            LeaderElection election,
            ProcessTokenMinter tokens,
            KubeEventRecorder events,
            HealthServer health) {
        log.info("stopping");
        long deadline = System.nanoTime() + DRAIN.toNanos();
        // All stop taking keys first; then each gets what is left of the time.
        controllers.forEach(controller -> drain(controller, 0));
        controllers.forEach(controller -> drain(controller, deadline - System.nanoTime()));
        log.info("stopped reconciling");
        try {
            election.resign();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        try {
            tokens.close();
        } catch (RuntimeException e) {
            // The next process of this Pod's name removes it; the key itself dies with us.
            log.warn("cannot withdraw the token key: {}", e.getMessage());
        }
        events.close();
        health.close();
    }

    private static void drain(Controller controller, long nanos) {
        try {
            if (!controller.drain(Duration.ofNanos(Math.max(0, nanos))) && nanos > 0) {
                log.warn("{} still had reconciles running", controller.name());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
