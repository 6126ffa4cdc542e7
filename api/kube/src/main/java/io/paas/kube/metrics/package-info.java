/// The one door to the metrics library, with the names Kubernetes itself uses.
@NullMarked
package io.paas.kube.metrics;

import org.jspecify.annotations.NullMarked;
