package io.paas.pid1;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.lifecycle.HookRunner;
import io.paas.lifecycle.LifecycleConfig;
import io.paas.lifecycle.LifecycleServer;
import io.paas.lifecycle.http.AgentHttp;
import io.paas.wire.ChangeState;
import io.paas.wire.ErrorBody;
import io.paas.wire.Json;
import io.paas.wire.ProcessResult;
import io.paas.wire.ProcessState;
import io.paas.wire.ProcessStatus;
import io.paas.wire.Reasons;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The REST API of port 9871 over a real launcher.
@Timeout(60)
class ProcessRoutesTest {
    private static final String SLEEP =
            "service db\nargv /bin/sleep\nargv 1000\nstop TERM 5000\nstop KILL 0\n";
    private static final String STUBBORN =
            "service db\n"
                    + LauncherProcessTest.sh("trap '' TERM; while :; do sleep 0.1; done")
                    + "\nstop TERM 1500\nstop KILL 0\n";

    @TempDir private Path directory;
    private final TestIssuer issuer = new TestIssuer();

    @Test
    void restartsOncePerRequestIdAlsoAcrossARestartOfTheAgent() throws IOException {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            launcher.await(ServiceStatus::isRunning);
            ProcessResult first;
            try (AgentHttp agent = agent()) {
                HttpResponse<String> response = post(agent, "restart", "r1", 45);
                assertThat(response.statusCode()).isEqualTo(200);
                first = Json.read(response.body(), ProcessResult.class);
                assertThat(first.state()).isEqualTo(ChangeState.SUCCEEDED);
                assertThat(first.newPid()).isNotNull().isNotEqualTo(first.oldPid());
            }

            try (AgentHttp agent = agent()) {
                ProcessResult again =
                        Json.read(post(agent, "restart", "r1", 45).body(), ProcessResult.class);
                ProcessStatus status = status(agent);

                assertThat(again).isEqualTo(first);
                assertThat(status.pid()).isEqualTo(first.newPid());
                assertThat(status.state()).isEqualTo(ProcessState.RUNNING);
                assertThat(status.change().id()).isEqualTo(first.changeId());
                assertThat(status.restarts()).isZero();
            }
        }
    }

    @Test
    void refusesARequestIdThatWasUsedWithAnotherBody() throws IOException {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP);
                AgentHttp agent = agent()) {
            launcher.await(ServiceStatus::isRunning);
            post(agent, "restart", "r1", 45);

            HttpResponse<String> response =
                    issuer.call(
                            agent.port(),
                            "POST",
                            "/v1/process/restart",
                            "process/restart",
                            "{\"requestID\":\"r1\",\"mode\":\"Force\"}");

            assertThat(response.statusCode()).isEqualTo(409);
            assertThat(reason(response)).isEqualTo(Reasons.REQUEST_ID_REUSED);
        }
    }

    @Test
    void answers202WhileAStopGoesOnAndThenTheResult() throws IOException {
        try (TestLauncher launcher = TestLauncher.start(directory, STUBBORN);
                AgentHttp agent = agent()) {
            launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(100);

            HttpResponse<String> accepted = post(agent, "stop", "r1", 0);
            HttpResponse<String> other = post(agent, "start", "r2", 0);
            ProcessResult running = Json.read(accepted.body(), ProcessResult.class);
            HttpResponse<String> ended =
                    issuer.call(
                            agent.port(),
                            "GET",
                            "/v1/changes/" + running.changeId() + "?waitSeconds=20",
                            "change/get",
                            "");

            assertThat(accepted.statusCode()).isEqualTo(202);
            assertThat(running.state()).isEqualTo(ChangeState.RUNNING);
            assertThat(other.statusCode()).isEqualTo(409);
            assertThat(reason(other)).isEqualTo(Reasons.CHANGE_RUNNING);
            assertThat(ended.statusCode()).isEqualTo(200);
            assertThat(Json.read(ended.body(), ProcessResult.class).processState())
                    .isEqualTo(ProcessState.STOPPED);
        }
    }

    @Test
    void leavesAProcessAloneThatHasAnotherRoleThanTheCallerThinks() throws IOException {
        Path role = Files.writeString(directory.resolve("role"), "primary");
        String ask = "printf '{\"role\":\"%s\"}' $(cat " + role + ") >&3";
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP);
                AgentHttp agent = agent(LoopsTest.config("role", ask, 3600))) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);

            HttpResponse<String> promoted = post(agent, "stop", "r1", "replica");
            assertThat(promoted.statusCode()).isEqualTo(409);
            assertThat(reason(promoted)).isEqualTo(Reasons.ROLE_DIFFERS);
            assertThat(launcher.status()).isEqualTo(before);

            Files.delete(role);
            assertThat(reason(post(agent, "stop", "r2", "replica")))
                    .isEqualTo(Reasons.ROLE_NOT_KNOWN);
            Files.writeString(role, "replica");
            HttpResponse<String> stopped = post(agent, "stop", "r3", "replica");
            Files.writeString(role, "primary");
            HttpResponse<String> again = post(agent, "stop", "r3", "replica");

            assertThat(stopped.statusCode()).isEqualTo(200);
            assertThat(again.body()).as("the same request").isEqualTo(stopped.body());
        }
    }

    @Test
    void saysWhyAProcessCanNotStart() throws IOException {
        String missing = "service db\nargv /no/such\nbackoff-ms 10 20\nstart-limit 1 60\n";
        try (TestLauncher launcher = TestLauncher.start(directory, missing);
                AgentHttp agent = agent()) {
            launcher.await(s -> s.state() == ProcessState.FAILED);

            HttpResponse<String> response = post(agent, "start", "r1", 45);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
            assertThat(Json.read(response.body(), ErrorBody.class).message())
                    .contains("/no/such", "No such file");
        }
    }

    @Test
    void keepsTheConfigurationForTheNextContainer() throws IOException {
        try (TestLauncher launcher = TestLauncher.start(directory, STUBBORN)) {
            launcher.await(ServiceStatus::isRunning);
            try (AgentHttp agent = agent()) {
                HttpResponse<String> response =
                        issuer.call(
                                agent.port(),
                                "PUT",
                                "/v1/config",
                                "config/put",
                                "{\"gracePeriodSeconds\":0}");
                assertThat(response.statusCode()).isEqualTo(200);

                ProcessResult stopped =
                        Json.read(post(agent, "stop", "r1", 45).body(), ProcessResult.class);

                assertThat(stopped.durationMillis()).isLessThan(1400);
            }
        }
        LauncherClient later = new LauncherClient(directory.resolve("main.sock"));
        assertThat(new ConfigStore(directory.resolve("config.json"), later).config())
                .extracting("gracePeriodSeconds")
                .isEqualTo(0);
    }

    @Test
    void refusesCallsWithoutTheRightTokenAndWrongBodies() throws IOException {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP);
                AgentHttp agent = agent()) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);
            String uri = "http://127.0.0.1:" + agent.port();
            HttpRequest bare =
                    HttpRequest.newBuilder(URI.create(uri + "/v1/process/stop"))
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build();

            assertThat(issuer.send(bare).statusCode()).isEqualTo(401);
            assertThat(
                            issuer.call(
                                            agent.port(),
                                            "POST",
                                            "/v1/process/stop",
                                            "process/start",
                                            "{\"requestID\":\"x\"}")
                                    .statusCode())
                    .isEqualTo(403);
            assertThat(
                            issuer.call(
                                            agent.port(),
                                            "POST",
                                            "/v1/process/stop",
                                            "process/stop",
                                            "{}")
                                    .statusCode())
                    .isEqualTo(400);
            assertThat(launcher.status().pid()).isEqualTo(before.pid());
            assertThat(
                            issuer.send(HttpRequest.newBuilder(URI.create(uri + "/livez")).build())
                                    .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesABodyOfMoreThan64KiB() throws IOException {
        try (AgentHttp agent = agent()) {
            HttpResponse<String> response = post(agent, "stop", "r".repeat(65 * 1024), 0);

            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(reason(response)).isEqualTo(Reasons.TOO_LARGE);
        }
    }

    @Test
    void answers503WhileMainIsNotThere() throws IOException {
        try (AgentHttp agent = agent()) {
            HttpResponse<String> response = post(agent, "restart", "r1", 1);

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(reason(response)).isEqualTo(Reasons.LAUNCHER_UNREACHABLE);
        }
    }

    private static String reason(HttpResponse<String> response) {
        return Json.read(response.body(), ErrorBody.class).reason();
    }

    private HttpResponse<String> post(AgentHttp agent, String verb, String id, int wait) {
        String body = "{\"requestID\":\"" + id + "\",\"waitSeconds\":" + wait + "}";
        return issuer.call(agent.port(), "POST", "/v1/process/" + verb, "process/" + verb, body);
    }

    private HttpResponse<String> post(AgentHttp agent, String verb, String id, String role) {
        String body = "{\"requestID\":\"" + id + "\",\"requiredRole\":\"" + role + "\"}";
        return issuer.call(agent.port(), "POST", "/v1/process/" + verb, "process/" + verb, body);
    }

    private ProcessStatus status(AgentHttp agent) {
        return Json.read(
                issuer.call(agent.port(), "GET", "/v1/process", "process/get", "").body(),
                ProcessStatus.class);
    }

    private AgentHttp agent() throws IOException {
        return agent(LifecycleConfig.none());
    }

    private AgentHttp agent(LifecycleConfig hooks) throws IOException {
        LauncherClient client = new LauncherClient(directory.resolve("main.sock"));
        client.start();
        LifecycleServer lifecycle =
                new LifecycleServer(
                        hooks,
                        new HookRunner(TestLauncher.BINARY, directory.resolve("hooks")),
                        directory,
                        "test");
        ConfigStore config = new ConfigStore(directory.resolve("config.json"), client);
        RoleLoop role =
                new RoleLoop(
                        client, lifecycle.runs(), hooks.hook("role").orElse(null), new TestPod());
        return AgentHttp.start(
                0,
                new ProcessRoutes(client, config, role, new Metrics(client)).routes(),
                issuer.verifier(),
                ProcessRoutes.MAX_BODY_BYTES);
    }
}
