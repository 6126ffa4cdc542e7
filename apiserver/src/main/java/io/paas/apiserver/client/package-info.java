/// What this server asks of kube-apiserver: a narrow interface and its HTTP form.
@NullMarked
package io.paas.apiserver.client;

import org.jspecify.annotations.NullMarked;
