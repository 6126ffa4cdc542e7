/// The listener: TLS, HTTP/1.1, body limits, drain. The only package of this server with io.vertx
/// in it.
@NullMarked
package io.paas.apiserver.http;

import org.jspecify.annotations.NullMarked;
