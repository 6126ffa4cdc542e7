/// The JSON bodies that travel between the platform and the agent in every Pod.
@NullMarked
package io.paas.wire;

import org.jspecify.annotations.NullMarked;
