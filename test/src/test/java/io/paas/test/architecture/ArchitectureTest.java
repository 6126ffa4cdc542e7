package io.paas.test.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may know whom. What Maven's module graph already forbids is not repeated here.
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(location -> !location.contains("test-classes"))
                    .importPackages("io.paas");

    private static final List<String> DECISIONS =
            List.of("Planner", "Checks", "Conditions", "StateMachine", "Settler", "Starter");

    /// An importer that does not understand the class files finds nothing, and every rule passes.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.paas.wire",
                "io.paas.api.v1",
                "io.paas.plan",
                "io.paas.kube.client",
                "io.paas.token",
                "io.paas.agent",
                "io.paas.pid1",
                "io.paas.lifecycle",
                "io.paas.apiserver",
                "io.paas.controllers.operation"
            })
    void seesEveryPart(String part) {
        assertThat(CLASSES.stream().filter(type -> type.getPackageName().startsWith(part)))
                .hasSizeGreaterThan(2);
    }

    @Test
    void wireNeedsTheJdkAndGsonOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.paas.wire..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.paas.wire..", "java..", "com.google.gson..", "org.jspecify..")
                .check(CLASSES);
    }

    /// The agent runs beside the middleware; a Kubernetes client or Vert.x would multiply it.
    @Test
    void theAgentNeedsNoKubernetesClient() {
        noClasses()
                .that()
                .resideInAnyPackage("io.paas.pid1..", "io.paas.lifecycle..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.kubernetes..", "io.vertx..", "io.paas.api..", "io.paas.kube..")
                .check(CLASSES);
    }

    @Test
    void apiserverAndControllersMeetInTheOperationOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.paas.apiserver..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.paas.controllers..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.paas.controllers..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.paas.apiserver..")
                .check(CLASSES);
    }

    /// Blocking code everywhere else: Vert.x is the HTTP edge and the signer of tokens.
    @Test
    void vertxStaysAtTheEdge() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.paas.apiserver",
                        "io.paas.apiserver.http..",
                        "io.paas.apiserver.registry..",
                        "io.paas.token..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..")
                .check(CLASSES);
    }

    @Test
    void decisionsArePure() {
        noClasses()
                .that(decide())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        "io.paas.kube..",
                        "io.kubernetes.client.openapi.apis..")
                .check(CLASSES);
        noClasses()
                .that(decide())
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, InstantSource.class, Random.class)
                .check(CLASSES);
        noClasses()
                .that(decide())
                .should()
                .callMethodWhere(
                        describe(
                                "the present time is asked for",
                                call ->
                                        call.getTarget().getName().equals("now")
                                                && call.getTargetOwner()
                                                        .getPackageName()
                                                        .equals("java.time")))
                .check(CLASSES);
        assertThat(CLASSES.stream().filter(decide())).hasSizeGreaterThan(3);
    }

    private static DescribedPredicate<JavaClass> decide() {
        return describe(
                "decide",
                type ->
                        DECISIONS.stream().anyMatch(type.getSimpleName()::endsWith)
                                && !type.getPackageName().startsWith("io.paas.test"));
    }

    @Test
    void kindsDoNotReachIntoEachOther() {
        slices().matching("io.paas.controllers.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("io.paas.api.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("io.paas.kube.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked =
                CLASSES.stream()
                        .map(JavaClass::getPackage)
                        .filter(part -> !part.isAnnotatedWith(NullMarked.class))
                        .map(JavaPackage::getName)
                        .collect(Collectors.toSet());

        assertThat(unmarked).isEmpty();
    }

    /// Canary: the two rules that matter most do find what they forbid.
    @Test
    void findsWhatItForbids() {
        assertThat(Stream.of("OperationPlanner", "ProcessPlanner"))
                .allMatch(name -> CLASSES.stream().anyMatch(c -> c.getSimpleName().equals(name)));
        assertThat(
                        noClasses()
                                .that()
                                .resideInAPackage("io.paas.token..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("io.vertx..")
                                .evaluate(CLASSES)
                                .hasViolation())
                .isTrue();
    }
}
