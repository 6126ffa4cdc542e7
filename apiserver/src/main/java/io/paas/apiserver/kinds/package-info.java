/// The kinds of `middleware.paas.io/v1`: bodies of requests and answers. OpenAPI is made from these
/// records, so their [Doc] is what users read.
@NullMarked
package io.paas.apiserver.kinds;

import org.jspecify.annotations.NullMarked;
