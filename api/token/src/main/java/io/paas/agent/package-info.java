/// The client of the agent in a middleware Pod: its supervisor and its lifecycle server.
@NullMarked
package io.paas.agent;

import org.jspecify.annotations.NullMarked;
