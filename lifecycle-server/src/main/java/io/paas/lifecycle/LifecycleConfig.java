package io.paas.lifecycle;

import io.paas.wire.Capabilities;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The content of `lifecycle.yaml`.
///
/// @param hooks by path
/// @param hash SHA-256 of the file, hex
public record LifecycleConfig(
        @Nullable String extension,
        @Nullable String extensionVersion,
        TreeMap<String, Hook> hooks,
        String hash) {
    /// Of an image without `lifecycle.yaml`: it has no lifecycle APIs.
    public static LifecycleConfig none() {
        return new LifecycleConfig(null, null, new TreeMap<>(), hashOf(""));
    }

    public Optional<Hook> hook(String path) {
        return Optional.ofNullable(hooks.get(path));
    }

    public Capabilities capabilities(String launcherVersion) {
        List<Capabilities.Api> apis =
                hooks.values().stream()
                        .map(
                                hook ->
                                        new Capabilities.Api(
                                                hook.path(),
                                                hook.timeoutSeconds(),
                                                hook.retries(),
                                                hook.parallel() ? "parallel" : "single"))
                        .toList();
        return new Capabilities(
                Capabilities.PROTOCOL_VERSION,
                extension,
                extensionVersion,
                launcherVersion,
                hash,
                apis);
    }

    static String hashOf(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
