package io.paas.test.conformance.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The published list says what the cases say, and misses none of StatefulSet's own tests.
class ConformanceListTest {

    private static final List<Class<?>> TOPICS =
            List.of(
                    AvailabilityIT.class,
                    ClaimRetentionIT.class,
                    EndpointsIT.class,
                    IdentityIT.class,
                    NamedOrdinalsIT.class,
                    PartitionIT.class,
                    RollingUpdateIT.class,
                    ScalingIT.class,
                    StartOrdinalIT.class);

    private static final Path LIST = Path.of("../docs/conformance.md");
    private static final String BEGIN = "<!-- Made from the cases by ConformanceListTest. -->\n";
    private static final String END = "<!-- End of what is made. -->\n";

    private record Case(Method method, Conformance says) {

        String name() {
            return "`" + method.getDeclaringClass().getSimpleName() + "#" + method.getName() + "`";
        }

        String row() {
            String killers =
                    Arrays.stream(says.killedBy())
                            .map(mutant -> "`" + mutant + "`")
                            .collect(Collectors.joining(", "));
            return "| %s | %s | %s | %s | %s |\n"
                    .formatted(
                            says.upstream(),
                            name(),
                            says.statefulSet() ? "passes" : "–",
                            says.notYet().isEmpty() ? "passes" : "not yet",
                            killers);
        }
    }

    @Test
    void theListIsWhatTheCasesSay() throws IOException {
        String text = Files.readString(LIST);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        String right = text.substring(0, begin) + made() + text.substring(text.indexOf(END));
        if (!text.equals(right)) {
            Files.writeString(Path.of("target/conformance.md"), right);
        }

        assertThat(text)
                .as("docs/conformance.md; test/target/conformance.md has the right text")
                .isEqualTo(right);
    }

    @Test
    void theListHasEveryTestOfStatefulSet() throws IOException {
        List<String> names = upstream();
        assertThat(names).hasSize(32);

        assertThat(Files.readAllLines(LIST))
                .filteredOn(line -> line.startsWith("| "))
                .extracting(line -> line.split(" \\| ", 2)[0].substring(2))
                .containsAll(names);
    }

    @Test
    void everyPassingCaseCanFail() {
        assertThat(cases())
                .filteredOn(each -> each.says().notYet().isEmpty())
                .allSatisfy(each -> assertThat(each.says().killedBy()).isNotEmpty());
    }

    @Test
    void everyMutantIsUsed() {
        assertThat(cases().stream().flatMap(each -> Arrays.stream(each.says().killedBy())))
                .contains(Mutant.values());
    }

    /// A new topic has to be named here.
    @Test
    void knowsAllTopics() throws IOException {
        Path folder = Path.of("src/test/java/io/paas/test/conformance/workload");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.endsWith("IT.java"))
                    .containsExactlyInAnyOrderElementsOf(
                            TOPICS.stream().map(topic -> topic.getSimpleName() + ".java").toList());
        }
    }

    private static String made() throws IOException {
        List<Case> cases = cases();
        String notYet =
                cases.stream()
                        .filter(each -> !each.says().notYet().isEmpty())
                        .map(each -> "| %s | %s |\n".formatted(each.name(), each.says().notYet()))
                        .collect(Collectors.joining());
        return """

        | upstream test | our case | StatefulSet | ExPodSet | killed by |
        |---|---|---|---|---|
        %s%s
        | mutant | its mistake |
        |---|---|
        %s
        """
                .formatted(
                        cases.stream().map(Case::row).collect(Collectors.joining()),
                        notYet.isEmpty() ? "" : "\n| not yet | why |\n|---|---|\n" + notYet,
                        Arrays.stream(Mutant.values())
                                .map(mutant -> "| `%s` | %s |\n".formatted(mutant, mutant.text()))
                                .collect(Collectors.joining()));
    }

    /// In upstream's order; what is not upstream's comes last.
    private static List<Case> cases() {
        List<String> order = upstream();
        return TOPICS.stream()
                .flatMap(topic -> Arrays.stream(topic.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Conformance.class))
                .map(method -> new Case(method, method.getAnnotation(Conformance.class)))
                .sorted(
                        Comparator.<Case>comparingInt(
                                        each -> {
                                            int place = order.indexOf(each.says().upstream());
                                            return place < 0 ? order.size() : place;
                                        })
                                .thenComparing(Case::name))
                .toList();
    }

    /// The names of test/e2e/apps/statefulset.go in Kubernetes 1.36.3.
    private static List<String> upstream() {
        try {
            return Files.readAllLines(
                    Path.of("src/test/resources/conformance/statefulset-1.36.3.txt"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
