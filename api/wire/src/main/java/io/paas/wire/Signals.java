package io.paas.wire;

import java.util.Set;

/// The signal names that services files and stop sequences may use: without `SIG`, as in
/// `signal(7)`.
public final class Signals {
    /// CHLD, STOP, TSTP, TTIN and TTOU are missing on purpose: the launcher needs them itself or
    /// they would freeze a process without ending it.
    public static final Set<String> NAMES =
            Set.of(
                    "HUP", "INT", "QUIT", "ABRT", "KILL", "USR1", "USR2", "ALRM", "TERM", "CONT",
                    "WINCH", "URG", "IO", "PWR");

    private Signals() {}

    static void check(String field, String name) {
        Require.that(NAMES.contains(name), field + ": unknown signal '" + name + "'");
    }
}
