@NullMarked
package io.paas.lifecycle;

import org.jspecify.annotations.NullMarked;
