package io.paas.test.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/// A class of checks on a real cluster: its methods run in their `@Order`, a failure leaves the
/// state of the cluster in `target/e2e-logs`.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(StateKeeper.class)
@interface EndToEnd {}
