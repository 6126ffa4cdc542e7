/// A request and its answer as values, without any server library: path, headers, media types,
/// Status errors.
@NullMarked
package io.paas.apiserver.request;

import org.jspecify.annotations.NullMarked;
