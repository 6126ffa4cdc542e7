package io.paas.test.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Finds etcd, kube-apiserver and kubectl: in `KUBEBUILDER_ASSETS` (a folder, as setup-envtest
/// prints it), else in the cache that `hack/` builds them into.
final class Binaries {

    private Binaries() {}

    /// Fails when the binary is missing: a skipped integration test looks like a passed one.
    static Path find(String name) {
        String assets = System.getenv("KUBEBUILDER_ASSETS");
        Path folder =
                assets != null
                        ? Path.of(assets)
                        : Path.of(
                                System.getProperty("user.home"),
                                ".cache/middleware-platform/tools");
        int depth = assets != null ? 1 : 2;
        if (!Files.isDirectory(folder)) {
            throw missing(name, folder);
        }
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.getFileName().toString().equals(name))
                    .filter(Files::isExecutable)
                    .filter(Files::isRegularFile)
                    // Versions are part of the folder's name; the newest sorts last.
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow(() -> missing(name, folder));
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
                        + ": build the tools (make tools) or set KUBEBUILDER_ASSETS to a folder"
                        + " with etcd, kube-apiserver and kubectl");
    }
}
