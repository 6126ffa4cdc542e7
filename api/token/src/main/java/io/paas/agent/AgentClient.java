package io.paas.agent;

import com.google.gson.JsonElement;
import io.paas.agent.AgentReply.Answered;
import io.paas.agent.AgentReply.Refused;
import io.paas.agent.AgentReply.Unreachable;
import io.paas.token.Caller;
import io.paas.token.TokenMinter;
import io.paas.wire.Capabilities;
import io.paas.wire.ErrorBody;
import io.paas.wire.HookReply;
import io.paas.wire.Json;
import io.paas.wire.JsonException;
import io.paas.wire.ProcessManagerConfig;
import io.paas.wire.ProcessRequest;
import io.paas.wire.ProcessResult;
import io.paas.wire.ProcessStatus;
import io.paas.wire.ProcessVerb;
import io.paas.wire.Reasons;
import io.paas.wire.TokenClaims;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/// Calls the agents of Pods. Each call carries a token of its own; calls block and never throw for
/// what the network or the agent does. Safe for use by several threads.
public final class AgentClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /// An agent that only has to look must answer soon.
    private static final Duration SHORT = Duration.ofSeconds(5);

    /// What a call may take beyond the time that the agent was told to wait.
    private static final Duration GRACE = Duration.ofSeconds(5);

    /// The lifecycle server answers after that time in any case.
    private static final long MAX_WAIT_SECONDS = 45;

    private static final long MAX_REPLY_BYTES = 1024 * 1024;

    static {
        // The JDK refuses to send another Host than the URL's unless this was said before its first
        // use in the process (java.net.http module, "jdk.httpclient.allowRestrictedHeaders").
        if (System.getProperty("jdk.httpclient.allowRestrictedHeaders") == null) {
            System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
    private final TokenMinter tokens;
    private final int supervisorPort;
    private final int lifecyclePort;
    private final Predicate<InetAddress> allowed;

    /// A client of agents at their usual ports.
    public AgentClient(TokenMinter tokens) {
        this(tokens, 9871, 9872, AgentAddress::isPlausible);
    }

    /// A client of agents elsewhere, as tests have them.
    public AgentClient(
            TokenMinter tokens,
            int supervisorPort,
            int lifecyclePort,
            Predicate<InetAddress> allowed) {
        this.tokens = tokens;
        this.supervisorPort = supervisorPort;
        this.lifecyclePort = lifecyclePort;
        this.allowed = allowed;
    }

    /// How the process is.
    public AgentReply<ProcessStatus> process(AgentAddress agent, Caller caller) {
        Call call = get(supervisorPort, "/v1/process", TokenClaims.ACT_PROCESS_GET, SHORT);
        return call(agent, caller, call, ProcessStatus.class);
    }

    /// Starts, stops or restarts the process; returns when that is done or the request's waiting
    /// time is over (202). The same request id again runs nothing again.
    public AgentReply<ProcessResult> run(
            AgentAddress agent, Caller caller, ProcessVerb verb, ProcessRequest request) {
        Call call =
                new Call(
                        supervisorPort,
                        "POST",
                        "/v1/process/" + verb.word(),
                        verb.act(),
                        Json.writeBytes(request),
                        Map.of(),
                        GRACE.plusSeconds(request.effectiveWaitSeconds()));
        return call(agent, caller, call, ProcessResult.class);
    }

    /// How far a change is; waits for its end for so many seconds.
    public AgentReply<ProcessResult> change(
            AgentAddress agent, Caller caller, String changeId, int waitSeconds) {
        String path = "/v1/changes/" + encoded(changeId) + "?waitSeconds=" + waitSeconds;
        Duration timeout = GRACE.plusSeconds(waitSeconds);
        Call call = get(supervisorPort, path, TokenClaims.ACT_CHANGE_GET, timeout);
        return call(agent, caller, call, ProcessResult.class);
    }

    /// Replaces the process manager's configuration (FR-026).
    public AgentReply<ProcessManagerConfig> putConfig(
            AgentAddress agent, Caller caller, ProcessManagerConfig config) {
        Call call =
                new Call(
                        supervisorPort,
                        "PUT",
                        "/v1/config",
                        TokenClaims.ACT_CONFIG_PUT,
                        Json.writeBytes(config),
                        Map.of(),
                        SHORT);
        return call(agent, caller, call, ProcessManagerConfig.class);
    }

    /// Which lifecycle APIs the Pod's extension has (FR-014).
    public AgentReply<Capabilities> capabilities(AgentAddress agent, Caller caller) {
        Call call = get(lifecyclePort, "/capabilities", TokenClaims.ACT_CAPABILITIES_GET, SHORT);
        return call(agent, caller, call, Capabilities.class);
    }

    /// Calls a lifecycle API. Whatever the hook's outcome, it is an [Answered]; [Refused] means
    /// that the hook was not run.
    ///
    /// @param api path without the leading slash
    /// @param idempotencyKey the same key again answers with the same run
    /// @param parameters a JSON object
    /// @param timeout how long to wait for the hook's end; when it runs on, the answer is 202
    public AgentReply<HookReply> lifecycle(
            AgentAddress agent,
            Caller caller,
            String api,
            String idempotencyKey,
            JsonElement parameters,
            Duration timeout) {
        Call call =
                new Call(
                        lifecyclePort,
                        "POST",
                        "/"
                                + api
                                + "?waitSeconds="
                                + Math.min(timeout.toSeconds(), MAX_WAIT_SECONDS),
                        TokenClaims.lifecycleAct(api),
                        Json.writeBytes(parameters),
                        Map.of("Idempotency-Key", idempotencyKey),
                        timeout.plus(GRACE));
        return hook(agent, caller, call);
    }

    /// How far a run of a hook is that answered 202.
    public AgentReply<HookReply> lifecycleRun(AgentAddress agent, Caller caller, String runId) {
        String path = "/runs/" + encoded(runId);
        return hook(agent, caller, get(lifecyclePort, path, TokenClaims.ACT_RUN_GET, SHORT));
    }

    private AgentReply<HookReply> hook(AgentAddress agent, Caller caller, Call call) {
        return switch (send(agent, caller, call)) {
            case Answered<byte[]>(int code, byte[] body) when code != 401 && code != 403 -> {
                AgentReply<HookReply> reply = parsed(code, body, HookReply.class);
                yield reply;
            }
            case Answered<byte[]>(int code, byte[] body) -> refused(code, body);
            case Refused<byte[]>(int code, String reason, String message) ->
                    new Refused<>(code, reason, message);
            case Unreachable<byte[]>(String message, boolean maybeDone) ->
                    new Unreachable<>(message, maybeDone);
        };
    }

    private <T> AgentReply<T> call(AgentAddress agent, Caller caller, Call call, Class<T> type) {
        return switch (send(agent, caller, call)) {
            case Answered<byte[]>(int code, byte[] body) when code < 300 ->
                    parsed(code, body, type);
            case Answered<byte[]>(int code, byte[] body) -> refused(code, body);
            case Refused<byte[]>(int code, String reason, String message) ->
                    new Refused<>(code, reason, message);
            case Unreachable<byte[]>(String message, boolean maybeDone) ->
                    new Unreachable<>(message, maybeDone);
        };
    }

    private AgentReply<byte[]> send(AgentAddress agent, Caller caller, Call call) {
        String authority = agent.authority(call.port());
        try {
            if (!allowed.test(agent.literal())) {
                return new Unreachable<>(
                        "refusing to call " + agent.ip() + ": no Pod's address", false);
            }
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://" + authority + call.path()))
                            .timeout(call.timeout())
                            .header("Host", agent.host())
                            .header("Accept", "application/json")
                            .header(
                                    "Authorization",
                                    "Bearer "
                                            + tokens.mint(
                                                    agent.podUid(),
                                                    caller,
                                                    call.act(),
                                                    call.body()));
            call.headers().forEach(request::header);
            if (call.method().equals("GET")) {
                request.GET();
            } else {
                request.header("Content-Type", "application/json");
                request.method(call.method(), BodyPublishers.ofByteArray(call.body()));
            }
            HttpResponse<byte[]> response =
                    http.send(
                            request.build(),
                            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_REPLY_BYTES));
            return new Answered<>(response.statusCode(), response.body());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return new Unreachable<>(
                    "no connection to the agent at " + authority + ": " + said(e), false);
        } catch (IOException e) {
            return new Unreachable<>(
                    "no answer from the agent at " + authority + ": " + said(e), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unreachable<>("interrupted while calling " + authority, true);
        } catch (IllegalArgumentException e) {
            return new Unreachable<>(said(e), false);
        }
    }

    private static <T> AgentReply<T> parsed(int code, byte[] body, Class<T> type) {
        try {
            return new Answered<>(code, Json.read(body, type));
        } catch (JsonException e) {
            return new Unreachable<>("the agent answered HTTP " + code + " with " + said(e), true);
        }
    }

    private static <T> AgentReply<T> refused(int code, byte[] body) {
        try {
            ErrorBody error = Json.read(body, ErrorBody.class);
            String reason = error.reason() == null ? Reasons.INTERNAL_ERROR : error.reason();
            String message = error.message() == null ? "HTTP " + code : error.message();
            return new Refused<>(code, reason, message);
        } catch (JsonException e) {
            // Also a redirect ends here: the agent has none, so somebody else answers at its
            // address.
            return new Refused<>(code, Reasons.INTERNAL_ERROR, "HTTP " + code);
        }
    }

    private static Call get(int port, String path, String act, Duration timeout) {
        return new Call(port, "GET", path, act, new byte[0], Map.of(), timeout);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }

    private static String said(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @SuppressWarnings(
            "ArrayRecordComponent") // Bytes that are passed on, never compared as a value.
    private record Call(
            int port,
            String method,
            String path,
            String act,
            byte[] body,
            Map<String, String> headers,
            Duration timeout) {}
}
