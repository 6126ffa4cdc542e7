package io.paas.test.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// Measured times, printed as they come and kept in `target/e2e-logs/figures.txt`.
final class Figures {

    private static final Path FILE = Path.of("target", "e2e-logs", "figures.txt");

    static void note(String what, Duration time) {
        line("%-66s %7.2f s".formatted(what, Await.seconds(time)));
    }

    /// A report of several figures, as it is.
    static void note(String report) {
        line(report);
    }

    /// Notes it and fails if it is more than allowed.
    static void within(String what, Duration time, Duration limit) {
        line("%-66s %7.2f s of %d s".formatted(what, Await.seconds(time), limit.toSeconds()));
        assertThat(time).as(what).isLessThanOrEqualTo(limit);
    }

    private static void line(String line) {
        System.out.println(line);
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(
                    FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Figures() {}
}
