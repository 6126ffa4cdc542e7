package io.paas.test.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// Where it was measured.
///
/// @param load the load average before, which says what else was going on
record Machine(String text, String load) {

    private static final double KIB_PER_GIB = 1024 * 1024;

    static Machine here(Plane plane) {
        return new Machine(
                """
                %s; %d processors (%s), %.0f GiB, Linux %s; Java %s; Kubernetes %s, etcd without fsync"""
                        .formatted(
                                LocalDate.now(ZoneOffset.UTC),
                                Runtime.getRuntime().availableProcessors(),
                                value("/proc/cpuinfo", "model name"),
                                Long.parseLong(
                                                value("/proc/meminfo", "MemTotal")
                                                        .replaceAll("\\D", ""))
                                        / KIB_PER_GIB,
                                System.getProperty("os.version"),
                                System.getProperty("java.version"),
                                plane.kube().get("/version").path("gitVersion").asText()),
                loadAverage());
    }

    /// Of 1, 5 and 15 minutes, without the counts of processes after them.
    private static String loadAverage() {
        return read("/proc/loadavg").replaceAll(" \\d+/.*", "").strip();
    }

    private static String value(String file, String name) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("?");
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
