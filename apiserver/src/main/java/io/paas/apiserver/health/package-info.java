/// Liveness and readiness.
@NullMarked
package io.paas.apiserver.health;

import org.jspecify.annotations.NullMarked;
