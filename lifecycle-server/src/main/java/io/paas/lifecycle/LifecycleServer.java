package io.paas.lifecycle;

import com.google.gson.JsonObject;
import io.paas.lifecycle.http.Refusal;
import io.paas.lifecycle.http.Reply;
import io.paas.lifecycle.http.Request;
import io.paas.lifecycle.http.Route;
import io.paas.wire.HookReply;
import io.paas.wire.Reasons;
import io.paas.wire.TokenClaims;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The routes of port 9872.
public final class LifecycleServer {
    /// Members of a large group, with room for what an extension may want to be told.
    public static final int MAX_BODY_BYTES = 1024 * 1024;

    private static final int MAX_WAIT_SECONDS = 45;

    private final LifecycleConfig config;
    private final Runs runs;
    private final String launcherVersion;

    /// A server that keeps its runs in `stateDir`.
    public LifecycleServer(
            LifecycleConfig config, HookRunner runner, Path stateDir, String launcherVersion) {
        this.config = config;
        this.runs = new Runs(runner, new RunStore(stateDir.resolve("runs")));
        this.launcherVersion = launcherVersion;
    }

    public Runs runs() {
        return runs;
    }

    public List<Route> routes() {
        return List.of(
                Route.open("GET", "/livez", request -> Reply.text(200, "ok\n")),
                Route.guarded(
                        "GET",
                        "/capabilities",
                        TokenClaims.ACT_CAPABILITIES_GET,
                        request -> Reply.json(200, config.capabilities(launcherVersion))),
                Route.guarded("GET", "/runs/", TokenClaims.ACT_RUN_GET, this::poll),
                new Route("POST", "/", TokenClaims::lifecycleAct, this::call));
    }

    private Reply call(Request request) throws InterruptedException {
        Hook hook =
                config.hook(request.tail())
                        .orElseThrow(
                                () ->
                                        new Refusal(
                                                404,
                                                Reasons.NOT_FOUND,
                                                "the extension has no lifecycle API '"
                                                        + request.tail()
                                                        + "'; it has "
                                                        + config.hooks().keySet()));
        int wait = request.number("waitSeconds", 0, MAX_WAIT_SECONDS, MAX_WAIT_SECONDS);
        JsonObject parameters =
                request.body().isBlank() ? new JsonObject() : request.as(JsonObject.class);
        Run run = runs.begin(hook, request.idempotencyKey(), parameters, audit(request.claims()));
        return reply(run.await(wait));
    }

    private Reply poll(Request request) throws InterruptedException {
        Run run =
                runs.find(request.tail())
                        .orElseThrow(
                                () ->
                                        new Refusal(
                                                404,
                                                Reasons.NOT_FOUND,
                                                "no run " + request.tail()));
        return reply(run.await(request.number("waitSeconds", 0, MAX_WAIT_SECONDS, 0)));
    }

    private static Reply reply(HookReply reply) {
        return Reply.json(reply.code(), reply);
    }

    /// Ids travel into the hook's environment so that its own log can be matched.
    private static Map<String, String> audit(@Nullable TokenClaims claims) {
        Map<String, String> extra = new HashMap<>();
        if (claims != null) {
            extra.put("MIDDLEWARE_USER", claims.sub());
            if (claims.rid() != null) {
                extra.put("MIDDLEWARE_REQUEST_ID", claims.rid());
            }
            if (claims.aid() != null) {
                extra.put("MIDDLEWARE_AUDIT_ID", claims.aid());
            }
        }
        extra.values().removeIf(value -> value.indexOf(0) >= 0);
        return extra;
    }
}
