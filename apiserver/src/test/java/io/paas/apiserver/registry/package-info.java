@NullMarked
package io.paas.apiserver.registry;

import org.jspecify.annotations.NullMarked;
