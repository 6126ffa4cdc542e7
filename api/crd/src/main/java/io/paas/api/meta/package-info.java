/// Every label, annotation and well-known name of the platform, once.
@NullMarked
package io.paas.api.meta;

import org.jspecify.annotations.NullMarked;
