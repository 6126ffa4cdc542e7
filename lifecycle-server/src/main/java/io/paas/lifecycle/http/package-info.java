/// The small HTTP layer of both servers of the agent: routes, process tokens, JSON, errors.
@NullMarked
package io.paas.lifecycle.http;

import org.jspecify.annotations.NullMarked;
