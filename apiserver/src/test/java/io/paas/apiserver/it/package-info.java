/// The server behind a real kube-apiserver.
package io.paas.apiserver.it;
