/// StatefulSet's own end-to-end behaviours as cases that any workload kind in its place has to
/// pass.
///
/// 1. [ConformanceCluster] is a real etcd, kube-apiserver and kube-controller-manager, one node
///    with a [Kubelet] in this process, and our ExPodSet controller in this process.
/// 2. A case is a method with [Conformance] that sees only a [Workload]: one set in a namespace of
///    its own, changed by [Change]s in StatefulSet's words and watched from outside.
/// 3. Each case runs for StatefulSet (the control: it must pass), for ExPodSet, and for ExPodSet
///    under each [Mutant] that it names (it must fail).
/// 4. A case that ExPodSet fails today says why in `notYet`; it must pass for StatefulSet and fail
///    for ExPodSet, so that whoever mends it has to move it.
/// 5. `docs/conformance.md` is the list; [ConformanceListTest] holds it to the annotations.
@NullMarked
package io.paas.test.conformance.workload;

import org.jspecify.annotations.NullMarked;
