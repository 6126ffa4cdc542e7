/// The kinds of paas.io/v1 as records. The CRD YAML is the contract; test/conformance holds both
/// together.
@NullMarked
package io.paas.api.v1;

import org.jspecify.annotations.NullMarked;
