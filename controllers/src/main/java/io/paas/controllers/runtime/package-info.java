/// What every reconciler gets handed: clients, shared caches, Events, the agents.
@NullMarked
package io.paas.controllers.runtime;

import org.jspecify.annotations.NullMarked;
