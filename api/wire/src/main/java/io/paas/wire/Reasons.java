package io.paas.wire;

/// The `reason` of every error the agent answers with, in one place.
public final class Reasons {
    public static final String BAD_REQUEST = "BadRequest";
    public static final String NOT_FOUND = "NotFound";
    public static final String METHOD_NOT_ALLOWED = "MethodNotAllowed";
    public static final String TOO_LARGE = "RequestEntityTooLarge";
    public static final String INTERNAL_ERROR = "InternalError";

    public static final String NO_TOKEN = "NoToken";
    public static final String MALFORMED_TOKEN = "MalformedToken";
    public static final String UNKNOWN_KEY = "UnknownKey";
    public static final String KEY_NOT_YET_KNOWN = "KeyNotYetKnown";
    public static final String BAD_SIGNATURE = "BadSignature";
    public static final String WRONG_ISSUER = "WrongIssuer";
    public static final String WRONG_AUDIENCE = "WrongAudience";
    public static final String WRONG_ACTION = "WrongAction";
    public static final String WRONG_BODY = "WrongBody";
    public static final String EXPIRED_TOKEN = "ExpiredToken";
    public static final String TOKEN_BEFORE_START = "TokenBeforeStart";
    public static final String REPLAYED_TOKEN = "ReplayedToken";
    public static final String TOO_MANY_REQUESTS = "TooManyRequests";

    public static final String CHANGE_RUNNING = "ChangeRunning";
    public static final String REQUEST_ID_REUSED = "RequestIDReused";
    public static final String ROLE_DIFFERS = "RoleDiffers";
    public static final String ROLE_NOT_KNOWN = "RoleNotKnown";
    public static final String CHANGE_FAILED = "ChangeFailed";
    public static final String LAUNCHER_UNREACHABLE = "LauncherUnreachable";

    public static final String HOOK_BUSY = "HookBusy";
    public static final String HOOK_FAILED = "HookFailed";
    public static final String HOOK_TIMED_OUT = "HookTimedOut";
    public static final String HOOK_NOT_YET = "HookNotYet";
    public static final String HOOK_INCOMPATIBLE = "HookIncompatible";
    public static final String RUN_INTERRUPTED = "RunInterrupted";

    private Reasons() {}
}
