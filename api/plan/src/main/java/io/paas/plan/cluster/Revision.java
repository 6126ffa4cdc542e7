package io.paas.plan.cluster;

import io.paas.api.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A ControllerRevision of a cluster.
///
/// @param number the higher, the newer; going back to an older content gives it a new number
public record Revision(String name, long number, RevisionContent content) {

    private static final int HASH_DIGITS = 10;

    /// Named after its whole content, so that making it twice makes it once.
    public static Revision of(String cluster, long number, RevisionContent content) {
        return new Revision(cluster + "-" + hash(Json.write(content)), number, content);
    }

    /// The first digits of the text's SHA-256.
    public static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every Java platform has SHA-256", e);
        }
    }
}
