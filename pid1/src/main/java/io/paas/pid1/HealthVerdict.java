package io.paas.pid1;

import java.time.Instant;

/// Turns check results into a verdict. Pure: one value per process, replaced by each result.
///
/// @param failures failed checks in a row
/// @param everHealthy whether this process has passed a check; until then one failure is enough,
///   because a process that is still loading is not ready
record HealthVerdict(String incarnation, int failures, boolean everHealthy, Verdict verdict) {
    static HealthVerdict fresh(String incarnation) {
        return new HealthVerdict(incarnation, 0, false, Verdict.NONE);
    }

    /// Of a process that began before this agent: what the launcher keeps is another agent's
    /// judgement of it. A process without one has yet to show that it serves.
    static HealthVerdict first(ServiceStatus service, Instant agentStartedAt) {
        HealthVerdict fresh = fresh(service.incarnation());
        boolean judged =
                service.verdict() == Verdict.OK
                        && service.startedMillis() < agentStartedAt.toEpochMilli();
        return judged ? fresh.passed() : fresh;
    }

    HealthVerdict passed() {
        return new HealthVerdict(incarnation, 0, true, Verdict.OK);
    }

    HealthVerdict failed(int threshold) {
        int now = failures + 1;
        boolean forgiven = verdict == Verdict.OK && now < threshold;
        return new HealthVerdict(
                incarnation, now, everHealthy, forgiven ? Verdict.OK : Verdict.BAD);
    }
}
