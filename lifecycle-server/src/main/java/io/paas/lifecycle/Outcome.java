package io.paas.lifecycle;

import io.paas.wire.Reasons;

/// What the end of a hook means to its caller.
public enum Outcome {
    DONE(200, ""),
    FAILED(422, Reasons.HOOK_FAILED),
    /// Exit code 75, `EX_TEMPFAIL` of `sysexits.h`: the caller may try again later.
    NOT_YET(503, Reasons.HOOK_NOT_YET),
    /// Exit code 76, `EX_PROTOCOL`: trying again does not help.
    INCOMPATIBLE(412, Reasons.HOOK_INCOMPATIBLE),
    TIMED_OUT(504, Reasons.HOOK_TIMED_OUT);

    private final int code;
    private final String reason;

    Outcome(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    /// The meaning of an exit code of that hook.
    static Outcome of(Hook hook, int exitCode) {
        Outcome declared = hook.exitCodes().get(exitCode);
        if (declared != null) {
            return declared;
        }
        return switch (exitCode) {
            case 0 -> DONE;
            case 75 -> NOT_YET;
            case 76 -> INCOMPATIBLE;
            default -> FAILED;
        };
    }
}
