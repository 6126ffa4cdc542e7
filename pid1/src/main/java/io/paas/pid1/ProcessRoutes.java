package io.paas.pid1;

import io.paas.lifecycle.AgentLog;
import io.paas.lifecycle.http.Refusal;
import io.paas.lifecycle.http.Reply;
import io.paas.lifecycle.http.Request;
import io.paas.lifecycle.http.Route;
import io.paas.wire.ChangeState;
import io.paas.wire.ProcessManagerConfig;
import io.paas.wire.ProcessRequest;
import io.paas.wire.ProcessState;
import io.paas.wire.ProcessVerb;
import io.paas.wire.Reasons;
import io.paas.wire.TokenClaims;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The routes of port 9871.
final class ProcessRoutes {
    static final int MAX_BODY_BYTES = 64 * 1024;

    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LauncherClient launcher;
    private final ConfigStore config;
    private final RoleLoop role;
    private final Metrics metrics;

    ProcessRoutes(LauncherClient launcher, ConfigStore config, RoleLoop role, Metrics metrics) {
        this.launcher = launcher;
        this.config = config;
        this.role = role;
        this.metrics = metrics;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.open("GET", "/livez", request -> Reply.text(200, "ok\n")));
        routes.add(Route.open("GET", "/readyz", request -> Reply.text(200, "ok\n")));
        routes.add(Route.open("GET", "/metrics", request -> Reply.text(200, metrics.text())));
        routes.add(
                Route.guarded(
                        "GET", "/v1/process", TokenClaims.ACT_PROCESS_GET, request -> process()));
        for (ProcessVerb verb : ProcessVerb.values()) {
            routes.add(
                    Route.guarded(
                            "POST",
                            "/v1/process/" + verb.word(),
                            verb.act(),
                            request -> change(verb, request)));
        }
        routes.add(
                Route.guarded("GET", "/v1/changes/", TokenClaims.ACT_CHANGE_GET, this::changeById));
        routes.add(Route.guarded("PUT", "/v1/config", TokenClaims.ACT_CONFIG_PUT, this::configure));
        return routes;
    }

    private Reply process() throws InterruptedException {
        ServiceStatus service = service();
        LauncherChange change = null;
        if (service.changeId() != null
                && launcher.request("CHANGE " + service.changeId())
                        instanceof LauncherReply.Ok(String text)) {
            change = LauncherChange.parse(text);
        }
        return Reply.json(
                200, Processes.status(service, change, role.role(), launcher.launcherVersion()));
    }

    private Reply change(ProcessVerb verb, Request request) throws InterruptedException {
        ProcessRequest wanted = request.as(ProcessRequest.class);
        String id = wanted.changeId();
        ServiceStatus service = service();
        if (wanted.requiredRole() != null) {
            requireRole(wanted.requiredRole(), id, service);
        }
        AgentLog.say(verb.word() + " " + service.name() + ", change " + id + audit(request));
        LauncherReply reply = launcher.request(id, Processes.command(verb, service.name(), wanted));
        LauncherChange change = awaitEnd(accepted(reply), wanted.effectiveWaitSeconds());
        if (change.state() == ChangeState.FAILED) {
            throw new Refusal(422, Reasons.CHANGE_FAILED, change.message());
        }
        return answer(change);
    }

    /// The caller chose this Pod by a label, which follows the role seconds later. A change that is
    /// known is only answered again, and where nothing runs nobody has a role.
    private void requireRole(String required, String changeId, ServiceStatus service) {
        boolean known = launcher.request("CHANGE " + changeId) instanceof LauncherReply.Ok;
        if (known || service.pid() == 0) {
            return;
        }
        String now =
                role.now()
                        .orElseThrow(
                                () ->
                                        new Refusal(
                                                503,
                                                Reasons.ROLE_NOT_KNOWN,
                                                "the process does not tell its role; "
                                                        + required
                                                        + " is required"));
        if (!now.equals(required)) {
            throw new Refusal(
                    409, Reasons.ROLE_DIFFERS, "the process is " + now + ", not " + required);
        }
    }

    private Reply changeById(Request request) throws InterruptedException {
        int wait = request.number("waitSeconds", 0, ProcessRequest.MAX_WAIT_SECONDS, 0);
        if (!request.tail().matches("c-[0-9a-f]{32}")) {
            throw new Refusal(404, Reasons.NOT_FOUND, "no change " + request.tail());
        }
        service();
        LauncherReply reply = launcher.request("CHANGE " + request.tail());
        return answer(awaitEnd(accepted(reply), wait));
    }

    private Reply answer(LauncherChange change) {
        @Nullable ProcessState state = launcher.status().map(ServiceStatus::state).orElse(null);
        return Reply.json(change.isFinal() ? 200 : 202, change.toResult(state));
    }

    private LauncherChange awaitEnd(LauncherChange accepted, int seconds)
            throws InterruptedException {
        LauncherChange change = accepted;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long seen = launcher.generation();
        while (!change.isFinal()) {
            // What happened between the request and reading `seen` is asked for, not waited for.
            LauncherReply reply = launcher.request("CHANGE " + change.id());
            if (reply instanceof LauncherReply.Ok(String text)) {
                change = LauncherChange.parse(text);
            } else if (reply instanceof LauncherReply.Refused) {
                throw Processes.unreachable("the container restarted during the change");
            }
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0 || change.isFinal()) {
                break;
            }
            seen = launcher.awaitNews(seen, left);
        }
        return change;
    }

    private static LauncherChange accepted(LauncherReply reply) {
        return switch (reply) {
            case LauncherReply.Ok(String text) -> LauncherChange.parse(text);
            case LauncherReply.Refused refused -> throw Processes.refusal(refused);
            case LauncherReply.Unreachable(String message) -> throw Processes.unreachable(message);
        };
    }

    private Reply configure(Request request) {
        ProcessManagerConfig wanted = request.as(ProcessManagerConfig.class);
        config.replace(wanted);
        AgentLog.say("configuration replaced" + audit(request));
        return switch (config.push()) {
            case LauncherReply.Ok(String _) -> Reply.json(200, wanted);
            case LauncherReply.Refused refused -> throw Processes.refusal(refused);
            // It is kept, and pushed as soon as the launcher is back.
            case LauncherReply.Unreachable(String _) -> Reply.json(202, wanted);
        };
    }

    /// A fresh agent, or one whose main container has just begun, is connected in a moment.
    private ServiceStatus service() throws InterruptedException {
        long until = System.nanoTime() + CONNECT_NANOS;
        long seen = launcher.generation();
        while (launcher.status().isEmpty() && System.nanoTime() < until) {
            seen = launcher.awaitNews(seen, 100);
        }
        return launcher.status()
                .orElseThrow(
                        () ->
                                Processes.unreachable(
                                        "the launcher of the main container is not there"));
    }

    private static String audit(Request request) {
        TokenClaims claims = request.claims();
        return claims == null
                ? ""
                : ", by " + claims.sub() + ", request " + claims.rid() + ", audit " + claims.aid();
    }
}
