package io.paas.lifecycle;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// One line on stderr for everything worth telling: what happened, then keys. No logging library,
/// because the agent runs in every Pod.
public final class AgentLog {
    private AgentLog() {}

    public static void say(String message) {
        System.err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " agent: " + message);
    }
}
