package io.paas.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The claims of a process token: a JWT that allows exactly one call to one Pod's agent.
///
/// @param iss always [#ISSUER]
/// @param aud the Pod's UID
/// @param sub the end user on whose behalf the platform calls
/// @param act the verb, like `process/restart` or `lifecycle/post-scale-out`
/// @param bsh base64url (no padding) SHA-256 of the body's bytes; of no bytes if there is no body
/// @param rid the request id, if the caller gave one
/// @param aid the audit id of the Kubernetes request
/// @param jti used once
/// @param iat seconds since the epoch
/// @param exp seconds since the epoch; at most [#MAX_LIFETIME_SECONDS] after `iat`
public record TokenClaims(
        String iss,
        String aud,
        String sub,
        String act,
        String bsh,
        @Nullable String rid,
        @Nullable String aid,
        String jti,
        long iat,
        long exp) {
    public static final String ISSUER = "middleware.paas.io";
    public static final int MAX_LIFETIME_SECONDS = 60;

    public static final String ACT_PROCESS_GET = "process/get";
    public static final String ACT_CONFIG_PUT = "config/put";
    public static final String ACT_CHANGE_GET = "change/get";
    public static final String ACT_CAPABILITIES_GET = "capabilities/get";
    public static final String ACT_RUN_GET = "run/get";

    public TokenClaims {
        Require.present("iss", iss);
        Require.present("aud", aud);
        Require.present("sub", sub);
        Require.present("act", act);
        Require.present("bsh", bsh);
        Require.present("jti", jti);
    }

    /// The `act` that allows a call of one lifecycle API.
    public static String lifecycleAct(String api) {
        return "lifecycle/" + api;
    }

    /// The `bsh` of a body.
    public static String bodyHash(byte[] body) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(body));
    }

    /// The claims as the JSON of a JWT's second part.
    public byte[] toJson() {
        return Json.write(this).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
