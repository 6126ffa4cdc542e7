package io.paas.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/process/{start|stop|restart}`.
///
/// @param mode graceful unless said otherwise
/// @param gracePeriodSeconds replaces the wait of the first stop step; the services file's if
///   absent
/// @param requestID the same id again answers with the same change and runs nothing
/// @param waitSeconds how long the call may stay open, 0 to 45; 45 if absent
/// @param requiredRole act only while this is the role of a running process; any if absent
public record ProcessRequest(
        StopMode mode,
        @Nullable Integer gracePeriodSeconds,
        String requestID,
        @Nullable Integer waitSeconds,
        @Nullable String requiredRole) {
    public static final int MAX_WAIT_SECONDS = 45;
    public static final int MAX_GRACE_SECONDS = 86_400;
    public static final int MAX_REQUEST_ID = 128;

    public ProcessRequest {
        mode = mode == null ? StopMode.GRACEFUL : mode;
        Require.present("requestID", requestID);
        Require.that(
                !requestID.isBlank() && requestID.length() <= MAX_REQUEST_ID,
                "requestID must have 1 to " + MAX_REQUEST_ID + " characters");
        Require.within("gracePeriodSeconds", gracePeriodSeconds, 0, MAX_GRACE_SECONDS);
        Require.within("waitSeconds", waitSeconds, 0, MAX_WAIT_SECONDS);
    }

    /// The id of the change that this request is. It is made from the request's, so that a repeated
    /// call names the same change, also to an agent that was restarted in between.
    public String changeId() {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(requestID.getBytes(StandardCharsets.UTF_8));
            return "c-" + HexFormat.of().formatHex(hash).substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// How long the caller is ready to wait, in seconds.
    public int effectiveWaitSeconds() {
        return waitSeconds == null ? MAX_WAIT_SECONDS : waitSeconds;
    }
}
