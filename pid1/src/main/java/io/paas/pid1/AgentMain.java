package io.paas.pid1;

import io.paas.lifecycle.AgentLog;
import io.paas.lifecycle.HookRunner;
import io.paas.lifecycle.LifecycleConfig;
import io.paas.lifecycle.LifecycleConfigException;
import io.paas.lifecycle.LifecycleConfigReader;
import io.paas.lifecycle.LifecycleServer;
import io.paas.lifecycle.http.AgentHttp;
import io.paas.wire.TokenKeys;
import io.paas.wire.TokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/// The agent: supervisor and lifecycle server in one JVM.
public final class AgentMain {
    /// The exit code of a configuration mistake, `EX_CONFIG` of `sysexits.h`.
    private static final int EXIT_CONFIG = 78;

    private AgentMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            start(AgentConfig.from(System.getenv()));
        } catch (LifecycleConfigException | IllegalArgumentException e) {
            AgentLog.say("cannot start: " + e.getMessage());
            System.exit(EXIT_CONFIG);
        }
        Thread.currentThread().join();
    }

    private static void start(AgentConfig config) throws IOException {
        Instant startedAt = Instant.now();
        LifecycleConfig lifecycle = lifecycleConfig(config.lifecycleFile());
        Path state = config.runDir().resolve("state");

        LauncherClient launcher = new LauncherClient(config.runDir().resolve("main.sock"));
        launcher.start();

        KubernetesApi kubernetes =
                new KubernetesApi(
                        config.kubernetes(),
                        config.credentials(),
                        config.podNamespace(),
                        config.podName());
        PublishedKeys keys =
                new PublishedKeys(
                        () -> kubernetes.configMapData(TokenKeys.NAMESPACE, TokenKeys.CONFIG_MAP),
                        System::nanoTime);
        TokenVerifier verifier =
                new TokenVerifier(config.podUid(), keys, Clock.systemUTC(), startedAt);

        HookRunner runner = new HookRunner(config.launcher(), config.runDir().resolve("hooks"));
        LifecycleServer server = new LifecycleServer(lifecycle, runner, state, version());
        ConfigStore store = new ConfigStore(state.resolve("config.json"), launcher);
        Metrics metrics = new Metrics(launcher);
        RoleLoop role =
                new RoleLoop(
                        launcher,
                        server.runs(),
                        lifecycle.hook(RoleLoop.API).orElse(null),
                        kubernetes);

        AgentHttp process =
                AgentHttp.start(
                        config.processPort(),
                        new ProcessRoutes(launcher, store, role, metrics).routes(),
                        verifier,
                        ProcessRoutes.MAX_BODY_BYTES);
        AgentHttp hooks =
                AgentHttp.start(
                        config.lifecyclePort(),
                        server.routes(),
                        verifier,
                        LifecycleServer.MAX_BODY_BYTES);

        loop("config", store::pushForEver);
        loop("role", role::runForEver);
        lifecycle
                .hook(HealthLoop.API)
                .map(
                        hook ->
                                new HealthLoop(
                                        launcher, server.runs(), hook, store, metrics, startedAt))
                .ifPresent(health -> loop("health", health::runForEver));
        lifecycle
                .hook(PostStartLoop.API)
                .map(
                        hook ->
                                new PostStartLoop(
                                        launcher, server.runs(), hook, state.resolve("post-start")))
                .ifPresent(postStart -> loop("post-start", postStart::runForEver));
        AgentLog.say(
                "serving on "
                        + process.port()
                        + " and "
                        + hooks.port()
                        + ", lifecycle APIs "
                        + lifecycle.hooks().keySet());
    }

    private static LifecycleConfig lifecycleConfig(Path file) throws IOException {
        return Files.exists(file)
                ? LifecycleConfigReader.read(Files.readString(file))
                : LifecycleConfig.none();
    }

    private static String version() {
        String version = AgentMain.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    private interface Loop {
        void run() throws InterruptedException;
    }

    /// A loop that fails begins again: one bad answer must not end health checks for good.
    private static void loop(String name, Loop loop) {
        Thread.ofVirtual()
                .name(name)
                .start(
                        () -> {
                            while (true) {
                                try {
                                    loop.run();
                                    return;
                                } catch (InterruptedException e) {
                                    return;
                                } catch (RuntimeException e) {
                                    AgentLog.say(name + ": " + e);
                                }
                                try {
                                    Thread.sleep(1000);
                                } catch (InterruptedException e) {
                                    return;
                                }
                            }
                        });
    }
}
