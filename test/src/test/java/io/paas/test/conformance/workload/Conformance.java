package io.paas.test.conformance.workload;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A case; its method takes a [Workload].
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ConformanceExtension.class)
@interface Conformance {

    /// The test of Kubernetes' test/e2e/apps/statefulset.go that says the same; several cases may
    /// share one. For others their source and name.
    String upstream();

    /// Each of them makes the case fail.
    Mutant[] killedBy() default {};

    /// Why ExPodSet fails the case today; empty when it passes.
    String notYet() default "";

    /// Whether StatefulSet knows the behaviour at all.
    boolean statefulSet() default true;
}
