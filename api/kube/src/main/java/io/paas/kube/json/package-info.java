/// How objects become JSON and back: client-java's models through a Gson that tolerates unknown
/// fields, the platform's own records through Jackson.
@NullMarked
package io.paas.kube.json;

import org.jspecify.annotations.NullMarked;
