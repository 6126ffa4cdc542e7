package io.paas.wire;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The answer of `GET /capabilities`: which lifecycle APIs this Pod's extension has.
///
/// @param protocolVersion of the lifecycle protocol; raised only for incompatible changes
/// @param configHash SHA-256 of `lifecycle.yaml` (hex), so that a caller may cache by it
/// @param apis ordered by path
public record Capabilities(
        int protocolVersion,
        @Nullable String extension,
        @Nullable String extensionVersion,
        @Nullable String launcherVersion,
        @Nullable String configHash,
        List<Api> apis) {
    public static final int PROTOCOL_VERSION = 1;

    public Capabilities {
        apis = apis == null ? List.of() : List.copyOf(apis);
    }

    /// One lifecycle API.
    ///
    /// @param path without the leading slash, like `post-scale-out`
    /// @param concurrency `single` (a second call gets 409) or `parallel`
    public record Api(String path, int timeoutSeconds, int retries, @Nullable String concurrency) {
        public Api {
            Require.present("apis.path", path);
        }
    }

    /// The API of that path, if the extension has it.
    public Optional<Api> api(String path) {
        return apis.stream().filter(api -> api.path().equals(path)).findFirst();
    }
}
