@NullMarked
package io.paas.pid1;

import org.jspecify.annotations.NullMarked;
