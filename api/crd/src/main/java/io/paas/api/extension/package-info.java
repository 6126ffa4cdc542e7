/// The content of an extension package: parsing, and what is wrong with it by key and line.
@NullMarked
package io.paas.api.extension;

import org.jspecify.annotations.NullMarked;
