package io.paas.controllers.expodset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import io.paas.agent.AgentAddress;
import io.paas.agent.AgentClient;
import io.paas.controllers.expodset.LifecycleClient.Outcome;
import io.paas.wire.Reasons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentLifecycleClientTest {

    private HttpServer agent;
    private int code;
    private String body;
    private boolean losesThePoll;

    @BeforeEach
    void start() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext(
                "/",
                exchange -> {
                    if (losesThePoll && exchange.getRequestURI().getPath().startsWith("/runs/")) {
                        exchange.close();
                        return;
                    }
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(code, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        agent.start();
    }

    @AfterEach
    void stop() {
        agent.stop(0);
    }

    private Outcome call() throws InterruptedException {
        int port = agent.getAddress().getPort();
        AgentClient agents = new AgentClient((_, _, _, _) -> "token", port, port, _ -> true);
        return new AgentLifecycleClient(agents)
                .call(
                        new AgentAddress("127.0.0.1", "s-0", "u"),
                        "post-scale-out",
                        "key",
                        new JsonObject(),
                        Duration.ofSeconds(5));
    }

    private Outcome answered(int status, String reason) throws InterruptedException {
        code = status;
        body =
                """
                {"status": "Failure", "code": %d, "reason": "%s", "message": "m", "durationMillis": 1}
                """
                        .formatted(status, reason);
        return call();
    }

    @Test
    void whatTheAgentSaysOfItselfIsNoAnswerOfTheHook() throws InterruptedException {
        assertThat(answered(401, Reasons.UNKNOWN_KEY)).isInstanceOf(Outcome.Waiting.class);
        assertThat(answered(403, Reasons.WRONG_AUDIENCE)).isInstanceOf(Outcome.Waiting.class);
        assertThat(answered(409, Reasons.HOOK_BUSY)).isInstanceOf(Outcome.Waiting.class);
        assertThat(answered(429, Reasons.TOO_MANY_REQUESTS)).isInstanceOf(Outcome.Waiting.class);
        assertThat(answered(503, Reasons.INTERNAL_ERROR)).isInstanceOf(Outcome.Waiting.class);
    }

    @Test
    void whatTheHookAnsweredCounts() throws InterruptedException {
        assertThat(answered(422, Reasons.HOOK_FAILED)).isInstanceOf(Outcome.Failed.class);
        assertThat(answered(503, Reasons.HOOK_NOT_YET)).isInstanceOf(Outcome.NotYet.class);
        assertThat(answered(500, Reasons.RUN_INTERRUPTED)).isInstanceOf(Outcome.Failed.class);
        assertThat(answered(412, Reasons.HOOK_INCOMPATIBLE)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aLostPollLeavesTheRunUnknown() throws InterruptedException {
        code = 202;
        body = "{\"status\": \"Running\", \"code\": 202, \"durationMillis\": 1, \"runId\": \"r1\"}";
        losesThePoll = true;

        assertThat(call()).isInstanceOf(Outcome.Waiting.class);
    }

    @Test
    void anAgentThatIsAwayLeavesItUnknown() throws InterruptedException {
        stop();

        assertThat(call()).isInstanceOf(Outcome.Waiting.class);
    }
}
