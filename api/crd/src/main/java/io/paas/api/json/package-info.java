/// The one JSON door for our own kinds and for the Kubernetes models inside them.
@NullMarked
package io.paas.api.json;

import org.jspecify.annotations.NullMarked;
