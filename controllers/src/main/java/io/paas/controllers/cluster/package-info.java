/// Brings the objects of MiddlewareClusters to what their specs say.
///
/// 1. *Observe* ([ClusterObserver]): the cluster, its Extension, revisions, ExPodSets and
///    operations, all from caches that show our own last writes.
/// 2. *Plan* (`io.paas.plan.cluster`): the revision and the size of each group, or why not.
/// 3. *Apply*: the revision first, so that a crash loses no decision; then what Pods need; an
///    Operation for a changed process state ([DerivedOperations]) or for changed groups
///    ([ChangeOperations]); the ExPodSets last, each as far as its step allows
///    ([io.paas.plan.cluster.ClusterLayout]). What is there already as it should be is not written
///    again ([Applier]).
/// 4. *Status* ([ClusterReport]): rebuilt from what was observed.
///
/// Nothing is created for a cluster that is being deleted; owner references clean up, and claims
/// stay.
@NullMarked
package io.paas.controllers.cluster;

import org.jspecify.annotations.NullMarked;
