package io.paas.apiserver.kinds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a field or a kind means, as OpenAPI shows it.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Doc {

    String value();

    /// Allowed values; none means any.
    String[] oneOf() default {};

    long minimum() default Long.MIN_VALUE;

    long maximum() default Long.MAX_VALUE;

    /// Of a list.
    int maxItems() default Integer.MAX_VALUE;

    boolean required() default false;
}
