package io.paas.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.paas.token.Caller;
import io.paas.wire.ProcessRequest;
import io.paas.wire.ProcessResult;
import io.paas.wire.ProcessStatus;
import io.paas.wire.ProcessVerb;
import io.paas.wire.StopMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentClientTest {

    private static final Caller JANE = Caller.of("jane");

    private final List<String> seen = new ArrayList<>();
    private HttpServer server;
    private int code;
    private String reply;

    @BeforeEach
    void startAgent() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    seen.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Host")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization"));
                    byte[] body = reply.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Location", "http://127.0.0.1/elsewhere");
                    exchange.sendResponseHeaders(code, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stopAgent() {
        server.stop(0);
    }

    private AgentClient client() {
        return new AgentClient(
                (uid, caller, act, _) -> uid + "/" + caller.user() + "/" + act,
                server.getAddress().getPort(),
                server.getAddress().getPort(),
                _ -> true);
    }

    private static AgentAddress agent(String ip) {
        return new AgentAddress(ip, "demo-0.demo.default.svc", "uid-1");
    }

    @Test
    void namesThePodAndCarriesATokenForThisCall() {
        // given
        code = 200;
        reply =
                "{\"name\":\"db\",\"state\":\"Running\",\"desiredState\":\"Running\",\"pid\":7,"
                        + "\"restarts\":0,\"ready\":true}";

        // when
        AgentReply<ProcessStatus> answer = client().process(agent("127.0.0.1"), JANE);

        // then
        assertThat(seen)
                .containsExactly(
                        "GET /v1/process demo-0.demo.default.svc Bearer uid-1/jane/process/get");
        assertThat(answer)
                .isInstanceOfSatisfying(
                        AgentReply.Answered.class,
                        a -> assertThat(((ProcessStatus) a.body()).pid()).isEqualTo(7));
    }

    @Test
    void tellsWhyTheAgentRefused() {
        // given
        code = 409;
        reply =
                "{\"status\":\"Failure\",\"code\":409,\"reason\":\"ChangeRunning\",\"message\":\"busy\"}";

        // when
        AgentReply<ProcessResult> answer =
                client().run(
                                agent("127.0.0.1"),
                                JANE,
                                ProcessVerb.STOP,
                                new ProcessRequest(StopMode.GRACEFUL, null, "r-1", 0, null));

        // then
        assertThat(answer).isEqualTo(new AgentReply.Refused<>(409, "ChangeRunning", "busy"));
    }

    @Test
    void doesNotFollowRedirects() {
        // given
        code = 302;
        reply = "";

        // when
        AgentReply<ProcessStatus> answer = client().process(agent("127.0.0.1"), JANE);

        // then
        assertThat(answer).isInstanceOf(AgentReply.Refused.class);
        assertThat(seen).hasSize(1);
    }

    @Test
    void doesNotReadMoreThanItsLimit() {
        // given
        code = 200;
        reply = "x".repeat(2 * 1024 * 1024);

        // when
        AgentReply<ProcessStatus> answer = client().process(agent("127.0.0.1"), JANE);

        // then
        assertThat(answer).isInstanceOf(AgentReply.Unreachable.class);
    }

    @Test
    void knowsThatNothingHappenedWhenNobodyListens() {
        // given
        server.stop(0);

        // when
        AgentReply<ProcessStatus> answer = client().process(agent("127.0.0.1"), JANE);

        // then
        assertThat(answer)
                .isInstanceOfSatisfying(
                        AgentReply.Unreachable.class, u -> assertThat(u.maybeDone()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "169.254.169.254", "::1", "0.0.0.0", "fe80::1", "example.org"})
    void callsOnlyWhatCanBeAPod(String ip) {
        // given
        AgentClient client = new AgentClient((_, _, _, _) -> "token");

        // when
        AgentReply<ProcessStatus> answer = client.process(agent(ip), JANE);

        // then
        assertThat(answer)
                .isInstanceOfSatisfying(
                        AgentReply.Unreachable.class, u -> assertThat(u.maybeDone()).isFalse());
        assertThat(seen).isEmpty();
    }
}
