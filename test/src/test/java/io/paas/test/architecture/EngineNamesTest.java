package io.paas.test.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A middleware is an extension package and nothing else: no main code may know one by name.
class EngineNamesTest {

    private static final Pattern ENGINE =
            Pattern.compile(
                    "redis|valkey|sentinel|postgres|patroni|mysql|mariadb|mongo|kafka|zookeeper"
                            + "|rabbitmq|elastic|clickhouse|etcd|minio",
                    Pattern.CASE_INSENSITIVE);

    @Test
    void mainCodeNamesNoEngine() throws IOException {
        List<Path> sources = sources();

        assertThat(sources).hasSizeGreaterThan(50);
        for (Path source : sources) {
            assertThat(Files.readString(source))
                    .as(source.toString())
                    .doesNotContainPattern(ENGINE);
        }
    }

    private static List<Path> sources() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .filter(file -> !root.relativize(file).startsWith("test"))
                    .toList();
        }
    }
}
