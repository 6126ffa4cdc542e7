@NullMarked
package io.paas.wire;

import org.jspecify.annotations.NullMarked;
