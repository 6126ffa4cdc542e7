/// One class for each subresource.
@NullMarked
package io.paas.apiserver.registry;

import org.jspecify.annotations.NullMarked;
