/// The platform on a real Kubernetes with a real kubelet, seen from outside: kubectl, RBAC and
/// database clients only. One class per topic; `docs/testing.md` says which requirement each holds.
@NullMarked
package io.paas.test.e2e;

import org.jspecify.annotations.NullMarked;
