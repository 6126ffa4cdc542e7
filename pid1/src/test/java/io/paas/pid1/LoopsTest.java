package io.paas.pid1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.paas.lifecycle.HookRunner;
import io.paas.lifecycle.LifecycleConfig;
import io.paas.lifecycle.LifecycleConfigReader;
import io.paas.lifecycle.LifecycleServer;
import io.paas.wire.TokenKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the agent does by itself: role, health, post-start, published keys.
@Timeout(60)
class LoopsTest {
    private static final String SLEEP =
            "service db\nargv /bin/sleep\nargv 1000\nbackoff-ms 50 1000\nstop TERM 5000\n";

    @TempDir private Path directory;
    private final List<Thread> loops = new ArrayList<>();

    @AfterEach
    void endLoops() {
        loops.forEach(Thread::interrupt);
    }

    @Test
    void patchesTheRoleOnlyWhenItChanges() throws Exception {
        Path role = Files.writeString(directory.resolve("role"), "replica");
        LifecycleConfig config =
                config("role", "printf '{\"role\":\"%s\"}' $(cat " + role + ") >&3", 1);
        TestPod pod = new TestPod();
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            LauncherClient client = client(launcher);
            loop(
                    () ->
                            new RoleLoop(
                                            client,
                                            server(config).runs(),
                                            config.hook("role").get(),
                                            pod)
                                    .runForEver());
            await(() -> pod.patches.size() == 1);
            TestLauncher.sleep(1500);
            Files.writeString(role, "primary");
            await(() -> pod.patches.size() == 2);

            assertThat(pod.patches)
                    .containsExactly(
                            "middleware.paas.io/role=replica", "middleware.paas.io/role=primary");
        }
    }

    @Test
    void tellsTheLauncherTheVerdictAndAgainForANewProcess() throws Exception {
        Path healthy = directory.resolve("healthy");
        LifecycleConfig config = config("health-check", "test -e " + healthy, 1);
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            LauncherClient client = client(launcher);
            ConfigStore store = new ConfigStore(directory.resolve("config.json"), client);
            loop(
                    () ->
                            new HealthLoop(
                                            client,
                                            server(config).runs(),
                                            config.hook("health-check").get(),
                                            store,
                                            new Metrics(client),
                                            Instant.now())
                                    .runForEver());
            launcher.await(s -> s.isRunning() && s.verdict() == Verdict.BAD);
            Files.createFile(healthy);
            ServiceStatus ready = launcher.await(s -> s.ready());
            Files.delete(healthy);
            launcher.run("kill -9 " + ready.pid());

            launcher.await(
                    s -> s.isRunning() && s.pid() != ready.pid() && s.verdict() == Verdict.BAD);
        }
    }

    @Test
    void makesAProcessReadySoonAfterItServesAndNeverBefore() throws Exception {
        Path serves = directory.resolve("serves");
        LifecycleConfig config = config("health-check", "test -e " + serves, 10);
        String slow = SLEEP + "await-verdict-ms 60000\n";
        try (TestLauncher launcher = TestLauncher.start(directory, slow)) {
            LauncherClient client = client(launcher);
            ConfigStore store = new ConfigStore(directory.resolve("config.json"), client);
            List<Boolean> before = new ArrayList<>();
            launcher.await(ServiceStatus::isRunning);
            loop(
                    () ->
                            new HealthLoop(
                                            client,
                                            server(config).runs(),
                                            config.hook("health-check").get(),
                                            store,
                                            new Metrics(client),
                                            Instant.now())
                                    .runForEver());
            for (int i = 0; i < 20; i++) {
                before.add(launcher.status().ready());
                TestLauncher.sleep(50);
            }

            Files.createFile(serves);
            long began = System.nanoTime();
            launcher.await(ServiceStatus::ready);

            assertThat(before).containsOnly(false);
            assertThat((System.nanoTime() - began) / 1_000_000)
                    .as("the period is 10 s")
                    .isLessThan(5000);
        }
    }

    @Test
    void runsPostStartOncePerProcess() throws Exception {
        Path count = directory.resolve("count");
        LifecycleConfig config = config("post-start", "echo $LC_PID >> " + count, 1);
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            ServiceStatus first = launcher.await(ServiceStatus::isRunning);
            LauncherClient client = client(launcher);
            for (int life = 0; life < 2; life++) {
                Thread loop =
                        loop(
                                () ->
                                        new PostStartLoop(
                                                        client,
                                                        server(config).runs(),
                                                        config.hook("post-start").get(),
                                                        directory.resolve("post-start"))
                                                .runForEver());
                await(() -> Files.exists(directory.resolve("post-start")));
                TestLauncher.sleep(500);
                loop.interrupt();
                loop.join();
            }

            assertThat(Files.readAllLines(count)).containsExactly("" + first.pid());
        }
    }

    @Test
    void triesPostStartAgainAfterAFailure() throws Exception {
        Path count = directory.resolve("count");
        LifecycleConfig config =
                config(
                        "post-start",
                        "echo x >> " + count + "; test $(wc -l < " + count + ") = 2",
                        1);
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            launcher.await(ServiceStatus::isRunning);
            LauncherClient client = client(launcher);
            loop(
                    () ->
                            new PostStartLoop(
                                            client,
                                            server(config).runs(),
                                            config.hook("post-start").get(),
                                            directory.resolve("post-start"))
                                    .runForEver());
            await(() -> Files.exists(directory.resolve("post-start")));
            TestLauncher.sleep(1500);

            assertThat(Files.readAllLines(count)).as("failed, then done").hasSize(2);
        }
    }

    @Test
    void forgivesAProcessThatAnEarlierAgentFoundHealthy() {
        ServiceStatus running =
                ServiceStatus.parse("name=db phase=up desired=up pid=7 started=5000 verdict=ok");
        ServiceStatus bad =
                ServiceStatus.parse("name=db phase=up desired=up pid=7 started=5000 verdict=bad");
        Instant before = Instant.ofEpochMilli(4000);
        Instant after = Instant.ofEpochMilli(6000);

        assertThat(HealthVerdict.first(running, after).failed(3).verdict()).isEqualTo(Verdict.OK);
        assertThat(HealthVerdict.first(running, before).failed(3).verdict()).isEqualTo(Verdict.BAD);
        assertThat(HealthVerdict.first(bad, after).everHealthy()).isFalse();
    }

    @Test
    void needsThreeFailuresOnlyOnceAProcessWasHealthy() {
        HealthVerdict fresh = HealthVerdict.fresh("1@1");

        assertThat(fresh.verdict()).isEqualTo(Verdict.NONE);
        assertThat(fresh.failed(3).verdict()).isEqualTo(Verdict.BAD);
        assertThat(fresh.failed(3).passed().verdict()).isEqualTo(Verdict.OK);
        HealthVerdict healthy = fresh.passed();
        assertThat(healthy.failed(3).failed(3).verdict()).isEqualTo(Verdict.OK);
        assertThat(healthy.failed(3).failed(3).failed(3).verdict()).isEqualTo(Verdict.BAD);
        assertThat(healthy.failed(1).failed(3).verdict()).as("stays bad").isEqualTo(Verdict.BAD);
    }

    @Test
    void readsPublishedKeysAtMostOnceASecond() {
        AtomicInteger reads = new AtomicInteger();
        AtomicLong now = new AtomicLong();
        PublishedKeys keys =
                new PublishedKeys(
                        () -> {
                            reads.incrementAndGet();
                            JsonObject data = new JsonObject();
                            data.addProperty("junk", "!");
                            data.add("worse", new JsonArray());
                            return data;
                        },
                        now::get);

        assertThat(keys.find("kid")).isEqualTo(new TokenKeys.Answer.Unknown());
        for (int i = 0; i < 100; i++) {
            assertThat(keys.find("kid-" + i)).isEqualTo(new TokenKeys.Answer.NotYet());
        }
        assertThat(reads).hasValue(1);
        now.addAndGet(1_000_000_000);
        assertThat(keys.find("junk")).isEqualTo(new TokenKeys.Answer.Unknown());
        assertThat(reads).hasValue(2);
    }

    @Test
    void saysThatAKeyIsNotYetKnownWhenItCannotRead() {
        PublishedKeys keys =
                new PublishedKeys(
                        () -> {
                            throw new IllegalStateException("no route");
                        },
                        System::nanoTime);

        assertThat(keys.find("kid")).isEqualTo(new TokenKeys.Answer.NotYet());
    }

    @Test
    void findsAKnownKeyWhileAStrangersIdIsLookedUp() throws Exception {
        String published =
                Base64.getEncoder()
                        .encodeToString(
                                KeyPairGenerator.getInstance("Ed25519")
                                        .generateKeyPair()
                                        .getPublic()
                                        .getEncoded());
        AtomicLong now = new AtomicLong();
        CountDownLatch slow = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        PublishedKeys keys =
                new PublishedKeys(
                        () -> {
                            slow.countDown();
                            if (slow.getCount() == 0) {
                                end.await();
                            }
                            JsonObject data = new JsonObject();
                            data.addProperty("ours", published);
                            return data;
                        },
                        now::get);
        assertThat(keys.find("ours")).isInstanceOf(TokenKeys.Answer.Known.class);
        now.addAndGet(1_000_000_000);
        Thread stranger = Thread.startVirtualThread(() -> keys.find("invented"));
        slow.await();

        AtomicReference<TokenKeys.Answer> answer = new AtomicReference<>();
        Thread ours = Thread.startVirtualThread(() -> answer.set(keys.find("ours")));
        boolean answered = ours.join(Duration.ofSeconds(5));
        end.countDown();
        stranger.join();

        assertThat(answered).isTrue();
        assertThat(answer.get()).isInstanceOf(TokenKeys.Answer.Known.class);
    }

    static LifecycleConfig config(String path, String script, int period) {
        return LifecycleConfigReader.read(
                """
                apiVersion: middleware.paas.io/v1
                kind: LifecycleAPIConfig
                apis:
                - path: %s
                  command: [/bin/sh, -c, '%s']
                  periodSeconds: %d
                """
                        .formatted(path, script.replace("'", "''"), period));
    }

    private LifecycleServer server(LifecycleConfig config) {
        return new LifecycleServer(
                config,
                new HookRunner(TestLauncher.BINARY, directory.resolve("hooks")),
                directory,
                "test");
    }

    private static LauncherClient client(TestLauncher launcher) throws Exception {
        LauncherClient client = new LauncherClient(launcher.directory.resolve("main.sock"));
        client.start();
        await(() -> client.status().isPresent());
        return client;
    }

    private interface Body {
        void run() throws InterruptedException;
    }

    private Thread loop(Body body) {
        Thread thread =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                body.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        loops.add(thread);
        return thread;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws Exception {
        long until = System.nanoTime() + 15_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(until);
            Thread.sleep(20);
        }
    }
}
