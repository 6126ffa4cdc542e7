package io.paas.api.extension;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// SHA-256 over a package's keys and values, in hex.
public final class PackageDigest {

    private PackageDigest() {}

    public static String of(Map<String, String> content) {
        MessageDigest digest = sha256();
        new TreeMap<>(content)
                .forEach(
                        (key, value) -> {
                            update(digest, key);
                            update(digest, value);
                        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /// With its length before it, so that no text can move between key and value unseen.
    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every Java platform has SHA-256", e);
        }
    }
}
