package io.paas.test.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds etcd, kube-apiserver, kubectl and what else a test runs: in `KUBEBUILDER_ASSETS` (a
/// folder, as setup-envtest prints it), else in the cache that `hack/` builds them into.
final class Binaries {

    private static final Path CACHE =
            Path.of(System.getProperty("user.home"), ".cache/middleware-platform/tools");

    private Binaries() {}

    /// Fails when the binary is missing: a skipped integration test looks like a passed one.
    static Path find(String name) {
        String assets = System.getenv("KUBEBUILDER_ASSETS");
        return Optional.ofNullable(assets)
                .flatMap(folder -> in(Path.of(folder), 1, name))
                // envtest's folder has no KWOK and no controllers.
                .or(() -> in(CACHE, 2, name))
                .orElseThrow(() -> missing(name, assets == null ? CACHE : Path.of(assets)));
    }

    private static Optional<Path> in(Path folder, int depth, String name) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.getFileName().toString().equals(name))
                    .filter(Files::isExecutable)
                    .filter(Files::isRegularFile)
                    // Versions are part of the folder's name; the newest sorts last.
                    .max(Comparator.comparing(Path::toString));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalStateException missing(String name, Path folder) {
        return new IllegalStateException(
                "no "
                        + name
                        + " in "
                        + folder
                        + ": build it (hack/tools/build etcd kubernetes kwok) or set"
                        + " KUBEBUILDER_ASSETS to a folder that has it");
    }
}
