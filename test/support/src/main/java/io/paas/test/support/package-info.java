/// What integration tests of several modules share.
@NullMarked
package io.paas.test.support;

import org.jspecify.annotations.NullMarked;
