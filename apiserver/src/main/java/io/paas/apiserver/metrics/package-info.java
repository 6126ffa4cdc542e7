/// The metrics of this server.
@NullMarked
package io.paas.apiserver.metrics;

import org.jspecify.annotations.NullMarked;
