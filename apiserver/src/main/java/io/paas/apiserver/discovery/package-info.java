/// The documents that describe this API: discovery (v2 and legacy) and OpenAPI v3, all made from
/// one table of routes.
@NullMarked
package io.paas.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
