/// Typed access to kube-apiserver: one small client per kind, one sealed failure for every error.
@NullMarked
package io.paas.kube.client;

import org.jspecify.annotations.NullMarked;
