package io.paas.test.conformance.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/// Runs a case for each kind and each mutant, and turns the outcome round where it has to fail.
///
/// With `CONFORMANCE_MUTANTS=all` those are all that the case names, else one, which
/// `CONFORMANCE_SEED` chooses.
///
/// `target/conformance.txt` has one line a run, with what killed each mutant.
final class ConformanceExtension implements TestTemplateInvocationContextProvider {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(ConformanceExtension.class);

    private static final Duration STANDSTILL = Duration.ofMillis(1500);
    // A machine that is busy with other things must not fail a case...
    private static final Patience PASSING = new Patience(Duration.ofSeconds(60), STANDSTILL);
    // ... nor be what kills a mutant: the longest that ExPodSet takes on purpose is the 10 s before
    // it replaces a failed Pod, everything else a second or two.
    private static final Patience FAILING = new Patience(Duration.ofSeconds(15), STANDSTILL);

    private static final Path REPORT = Path.of("target/conformance.txt");
    private static final int LONGEST = 300;

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
            ExtensionContext context) {
        Conformance conformance = context.getRequiredTestMethod().getAnnotation(Conformance.class);
        List<TestTemplateInvocationContext> runs = new ArrayList<>();
        if (conformance.statefulSet()) {
            runs.add(new Run(WorkloadKind.STATEFUL_SET, null, true));
        }
        runs.add(new Run(WorkloadKind.EX_POD_SET, null, conformance.notYet().isEmpty()));
        for (Mutant mutant : chosen(context.getRequiredTestMethod(), conformance.killedBy())) {
            runs.add(new Run(WorkloadKind.EX_POD_SET, mutant, false));
        }
        return runs.stream();
    }

    /// All of them, or one of each case by the seed.
    private static List<Mutant> chosen(Method method, Mutant... mutants) {
        if (mutants.length == 0 || "all".equals(System.getenv("CONFORMANCE_MUTANTS"))) {
            return List.of(mutants);
        }
        String seed = System.getenv().getOrDefault("CONFORMANCE_SEED", "1");
        int which = (seed + method.getName()).hashCode();
        return List.of(mutants[Math.floorMod(which, mutants.length)]);
    }

    /// One case on one kind.
    ///
    /// @param passes what is expected
    private record Run(WorkloadKind kind, @Nullable Mutant mutant, boolean passes)
            implements TestTemplateInvocationContext, ParameterResolver, InvocationInterceptor {

        @Override
        public String getDisplayName(int index) {
            if (mutant != null) {
                return "mutant " + mutant;
            }
            return passes ? kind.toString() : kind + " (not yet)";
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Workload.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // JUnit closes it when the run is over.
            return context.getStore(NAMESPACE)
                    .computeIfAbsent(
                            Workload.class,
                            _ ->
                                    cluster(context)
                                            .workload(kind, mutant, passes ? PASSING : FAILING),
                            Workload.class);
        }

        private static ConformanceCluster cluster(ExtensionContext context) {
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(
                            ConformanceCluster.class,
                            _ -> ConformanceCluster.start(),
                            ConformanceCluster.class);
        }

        @Override
        public void interceptTestTemplateMethod(
                Invocation<@Nullable Void> invocation,
                ReflectiveInvocationContext<Method> method,
                ExtensionContext context)
                throws Throwable {
            Workload set = (Workload) method.getArguments().getFirst();
            String run = method.getExecutable().getName() + " [" + getDisplayName(0) + "]";
            long begin = System.nanoTime();
            AssertionError failure = null;
            try {
                invocation.proceed();
            } catch (AssertionError e) {
                failure = e;
            }
            report(run, begin, failure);
            if (passes && failure != null) {
                failure.addSuppressed(new IllegalStateException(set.describe()));
                throw failure;
            }
            if (!passes && failure == null) {
                throw new AssertionError(
                        mutant == null
                                ? kind + " passes now: take notYet from " + run
                                : run + " lives: the case cannot fail for this mistake");
            }
        }
    }

    private static synchronized void report(
            String run, long begin, @Nullable AssertionError failure) {
        String message =
                failure == null
                        ? "passed"
                        : "failed: " + failure.getMessage().strip().replaceAll("\\s+", " ");
        String line =
                "%5.1f s  %s  %s%n"
                        .formatted(
                                (System.nanoTime() - begin) / 1e9,
                                run,
                                message.substring(0, Math.min(message.length(), LONGEST)));
        try {
            Files.writeString(REPORT, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
