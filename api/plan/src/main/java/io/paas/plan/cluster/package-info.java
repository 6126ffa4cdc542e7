/// What a MiddlewareCluster's Pods are made of, and what becomes of a wish.
///
/// 1. [ClusterPlanner] compares the wanted [ClusterInputs] with those of the newest [Revision].
/// 2. Equal: the stored revision is used as it is. It is never rendered again, so a platform
///    upgrade changes no Pod.
/// 3. Different: [ClusterRenderer] renders the extension's package into a new [RevisionContent]; or
///    the planner objects, and the stored revision stays.
/// 4. [ClusterChange] is what is between the groups and the spec: the plan of an Operation.
/// 5. [ClusterLayout] is how each group stands meanwhile, [ClusterObjects] lists the objects for
///    it. Process state goes straight to the ExPodSets; it is in no revision, and neither are
///    replicas.
///
/// Everything here is pure.
@NullMarked
package io.paas.plan.cluster;

import org.jspecify.annotations.NullMarked;
