/// Who calls: front proxy headers, client certificates, bearer tokens, in this order (the delegated
/// authentication of kube-apiserver's library).
@NullMarked
package io.paas.apiserver.authentication;

import org.jspecify.annotations.NullMarked;
