/// Mints process tokens: a JWT that allows exactly one call to one Pod's agent. The key lives in
/// this process's memory only; its public part is published so that agents can verify.
@NullMarked
package io.paas.token;

import org.jspecify.annotations.NullMarked;
