package io.paas.pid1;

import io.paas.lifecycle.http.Refusal;
import io.paas.wire.DesiredState;
import io.paas.wire.ProcessManagerConfig;
import io.paas.wire.ProcessRequest;
import io.paas.wire.ProcessStatus;
import io.paas.wire.ProcessVerb;
import io.paas.wire.Reasons;
import io.paas.wire.StopMode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Pure translation between the REST records and the launcher's lines.
final class Processes {
    private Processes() {}

    static String command(ProcessVerb verb, String service, ProcessRequest request) {
        if (verb == ProcessVerb.START) {
            return "START " + service;
        }
        String mode = request.mode() == StopMode.FORCE ? "force" : "graceful";
        Integer grace = request.gracePeriodSeconds();
        String word = verb == ProcessVerb.STOP ? "STOP" : "RESTART";
        return word + " " + service + " " + mode + " " + (grace == null ? -1 : grace * 1000L);
    }

    static String command(String service, ProcessManagerConfig config) {
        StringBuilder line = new StringBuilder("CONFIG ").append(service);
        if (config.restart() != null) {
            line.append(" restart=").append(config.restart().word());
        }
        append(line, "backoff-initial-ms", config.backoffInitialMillis(), 1);
        append(line, "backoff-max-ms", config.backoffMaxMillis(), 1);
        append(line, "start-limit-burst", config.startLimitBurst(), 1);
        append(line, "start-limit-ms", config.startLimitSeconds(), 1000);
        append(line, "grace-ms", config.gracePeriodSeconds(), 1000);
        return line.toString();
    }

    private static void append(StringBuilder line, String key, @Nullable Integer value, long unit) {
        if (value != null) {
            line.append(' ').append(key).append('=').append(value * unit);
        }
    }

    static ProcessStatus status(
            ServiceStatus service,
            @Nullable LauncherChange change,
            @Nullable String role,
            String launcherVersion) {
        return new ProcessStatus(
                service.name(),
                service.state(),
                service.desired(),
                service.pid() == 0 ? null : service.pid(),
                service.startedMillis() == 0 ? null : Instant.ofEpochMilli(service.startedMillis()),
                service.restarts(),
                service.lastExit(),
                service.ready() && service.desired() == DesiredState.RUNNING,
                role,
                change == null ? null : change.toStatus(),
                launcherVersion);
    }

    static Refusal refusal(LauncherReply.Refused refused) {
        return switch (refused.code()) {
            case "busy" -> new Refusal(409, Reasons.CHANGE_RUNNING, refused.message());
            case "reused" -> new Refusal(409, Reasons.REQUEST_ID_REUSED, refused.message());
            case "not-found" -> new Refusal(404, Reasons.NOT_FOUND, refused.message());
            case "shutting-down" -> unreachable(refused.message());
            default -> new Refusal(400, Reasons.BAD_REQUEST, refused.message());
        };
    }

    static Refusal unreachable(String message) {
        return new Refusal(503, Reasons.LAUNCHER_UNREACHABLE, message);
    }
}
