/// Whether the caller may: a SubjectAccessReview for each request, remembered for seconds.
@NullMarked
package io.paas.apiserver.authorization;

import org.jspecify.annotations.NullMarked;
