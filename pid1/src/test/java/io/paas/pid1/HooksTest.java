package io.paas.pid1;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.lifecycle.HookRunner;
import io.paas.lifecycle.LifecycleConfigReader;
import io.paas.lifecycle.LifecycleServer;
import io.paas.lifecycle.http.AgentHttp;
import io.paas.wire.Capabilities;
import io.paas.wire.HookReply;
import io.paas.wire.HookStatus;
import io.paas.wire.Json;
import io.paas.wire.Reasons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The lifecycle server over real commands, run by `launcher exec`.
@Timeout(60)
class HooksTest {
    private static final String HEAD =
            """
            apiVersion: middleware.paas.io/v1
            kind: LifecycleAPIConfig
            extension: demo
            extensionVersion: 1.0.0
            apis:
            """;

    @TempDir private Path directory;
    private final TestIssuer issuer = new TestIssuer();

    @Test
    void givesParametersAndTakesDataFromDescriptorThree() throws IOException {
        String script =
                "cat; echo \" $LC_CLUSTER $LC_TWO_WORDS\"; echo oops >&2; echo '{\"n\":1}' >&3";
        try (AgentHttp server = server(hook("echo", script))) {
            HookReply reply =
                    call(server, "echo", "k1", "{\"cluster\":\"c 1; id\",\"twoWords\":2}");

            assertThat(reply.status()).isEqualTo(HookStatus.SUCCESS);
            assertThat(reply.data()).hasToString("{\"n\":1}");
            assertThat(reply.stdout())
                    .isEqualTo("{\"cluster\":\"c 1; id\",\"twoWords\":2} c 1; id 2\n");
            assertThat(reply.stderr()).isEqualTo("oops\n");
            assertThat(reply.exitCode()).isZero();
        }
    }

    @Test
    void theLastLineOfAFailureSaysWhy() throws IOException {
        String spoken = "echo at first >&2; echo no room left >&2; exit 76";
        String apis = hook("speaks", spoken) + hook("mute", "exit 3") + hook("done", "echo x >&2");
        try (AgentHttp server = server(apis)) {
            assertThat(call(server, "speaks", "k1", "").message())
                    .isEqualTo("speaks exited with code 76: no room left");
            assertThat(call(server, "mute", "k2", "").message())
                    .isEqualTo("mute exited with code 3");
            assertThat(call(server, "done", "k3", "").message()).isNull();
        }
    }

    @Test
    void mapsExitCodesToHttp() throws IOException {
        String apis =
                hook("fails", "exit 3")
                        + hook("not-yet", "exit 75")
                        + hook("never", "exit 76")
                        + "- {path: missing, command: [/no/such]}\n"
                        + "- {path: mapped, command: [/bin/sh, -c, exit 4], exitCodes: {4: done}}\n";
        try (AgentHttp server = server(apis)) {
            assertThat(call(server, "fails", "k", "").code()).isEqualTo(422);
            assertThat(call(server, "fails", "k", "").exitCode()).isEqualTo(3);
            assertThat(call(server, "not-yet", "k", "").code()).isEqualTo(503);
            assertThat(call(server, "never", "k", "").code()).isEqualTo(412);
            assertThat(call(server, "missing", "k", "").code()).isEqualTo(422);
            assertThat(call(server, "mapped", "k", "").code()).isEqualTo(200);
            assertThat(post(server, "unknown", "k", "").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void endsTheWholeProcessTreeAtTheDeadline() throws Exception {
        Path beat = directory.resolve("beat");
        String script =
                "setsid sh -c 'while :; do echo x >> " + beat + "; sleep 0.1; done' & sleep 100";
        try (AgentHttp server =
                server(
                        "- {path: hangs, timeoutSeconds: 1, command: [/bin/sh, -c, \""
                                + script
                                + "\"]}\n")) {
            HookReply reply = call(server, "hangs", "k", "");
            long after = Files.size(beat);
            Thread.sleep(500);

            assertThat(reply.code()).isEqualTo(504);
            assertThat(reply.reason()).isEqualTo(Reasons.HOOK_TIMED_OUT);
            assertThat(reply.durationMillis()).isBetween(1000L, 6000L);
            assertThat(Files.size(beat)).as("the grandchild is dead").isEqualTo(after);
        }
    }

    @Test
    void runsOncePerKeyAndAnswersAfterARestart() throws IOException {
        Path count = directory.resolve("count");
        String api = hook("counts", "echo x >> " + count + "; exit 3");
        HookReply first;
        try (AgentHttp server = server(api)) {
            first = call(server, "counts", "k1", "{\"a\":1}");
            assertThat(post(server, "counts", "k1", "{\"a\":2}").statusCode()).isEqualTo(409);
        }
        try (AgentHttp server = server(api)) {
            assertThat(call(server, "counts", "k1", "{\"a\":1}")).isEqualTo(first);
            assertThat(Files.readAllLines(count)).hasSize(1);

            call(server, "counts", "k2", "{\"a\":1}");

            assertThat(Files.readAllLines(count)).hasSize(2);
        }
    }

    @Test
    void refusesASecondRunOfASingleHookAndLetsTheFirstBePolled() throws IOException {
        try (AgentHttp server = server(hook("slow", "sleep 1; echo done"))) {
            HttpResponse<String> first = post(server, "slow?waitSeconds=0", "k1", "");
            HttpResponse<String> second = post(server, "slow", "k2", "");
            String id = Json.read(first.body(), HookReply.class).runId();
            HttpResponse<String> ended =
                    issuer.call(
                            server.port(), "GET", "/runs/" + id + "?waitSeconds=20", "run/get", "");

            assertThat(first.statusCode()).isEqualTo(202);
            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(ended.statusCode()).isEqualTo(200);
            assertThat(Json.read(ended.body(), HookReply.class).stdout()).isEqualTo("done\n");
        }
    }

    @Test
    void capsOutputWithoutBlockingTheCommand() throws IOException {
        try (AgentHttp server =
                server(
                        "- {path: spews, outputLimitBytes: 1000, command: [/bin/sh, -c, \"head -c"
                                + " 5000000 /dev/zero | tr '\\\\0' x; echo end\"]}\n")) {
            HookReply reply = call(server, "spews", "k", "");

            assertThat(reply.code()).isEqualTo(200);
            assertThat(reply.stdout())
                    .hasSizeLessThan(1100)
                    .contains("bytes cut")
                    .endsWith("end\n");
        }
    }

    @Test
    void answersAStrangerWithoutReadingTheBody() throws IOException {
        try (AgentHttp server = server(hook("echo", "cat"));
                Socket stranger = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            stranger.setSoTimeout(10_000);
            stranger.getOutputStream()
                    .write(
                            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            String answer =
                    new String(stranger.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

            assertThat(answer).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void keepsTheOutcomeButNotTheOutputOfManyRuns() throws IOException {
        Path count = directory.resolve("count");
        String api =
                "- {path: spews, outputLimitBytes: 262144, command: [/bin/sh, -c, \"echo x >> "
                        + count
                        + "; head -c 262144 /dev/zero | tr '\\\\0' x; exit 3\"]}\n";
        try (AgentHttp server = server(api)) {
            for (int i = 0; i < 10; i++) {
                call(server, "spews", "k" + i, "");
            }

            HookReply first = call(server, "spews", "k0", "");
            HookReply last = call(server, "spews", "k9", "");

            assertThat(first.code()).isEqualTo(422);
            assertThat(first.stdout()).isNull();
            assertThat(first.message())
                    .isEqualTo("spews exited with code 3; its output is not kept any more");
            assertThat(last.stdout()).hasSize(262144);
            assertThat(Files.readAllLines(count)).as("none ran again").hasSize(10);
        }
    }

    @Test
    void saysWhatItCan() throws IOException {
        try (AgentHttp server = server(hook("b", "true") + hook("a", "true"))) {
            Capabilities can =
                    Json.read(
                            issuer.call(
                                            server.port(),
                                            "GET",
                                            "/capabilities",
                                            "capabilities/get",
                                            "")
                                    .body(),
                            Capabilities.class);

            assertThat(can.extension()).isEqualTo("demo");
            assertThat(can.apis()).extracting(Capabilities.Api::path).containsExactly("a", "b");
        }
    }

    private static String hook(String path, String script) {
        return "- {path: "
                + path
                + ", command: [/bin/sh, -c, '"
                + script.replace("'", "''")
                + "']}\n";
    }

    private HookReply call(AgentHttp server, String path, String key, String body) {
        return Json.read(post(server, path, key, body).body(), HookReply.class);
    }

    private HttpResponse<String> post(AgentHttp server, String path, String key, String body) {
        String act = "lifecycle/" + path.replaceAll("\\?.*", "");
        return issuer.call(server.port(), "POST", "/" + path, act, body, key);
    }

    private AgentHttp server(String apis) throws IOException {
        LifecycleServer server =
                new LifecycleServer(
                        LifecycleConfigReader.read(HEAD + apis),
                        new HookRunner(TestLauncher.BINARY, directory.resolve("hooks")),
                        directory,
                        "test");
        return AgentHttp.start(
                0, server.routes(), issuer.verifier(), LifecycleServer.MAX_BODY_BYTES);
    }
}
