/// Decides what to do with the Pods of an ExPodSet; reads and writes nothing.
///
/// 1. The running set is the first `replicas` natural numbers that are not offline.
/// 2. Pods that failed are deleted. Claims say whose they are and whether their ordinal is out of
///    service; those of the running set exist; missing Pods are created.
/// 3. Pods outside the running set are deleted, after preScaleIn where it is declared
///    ([ScaleInBarrier]).
/// 4. Pods behind the update revision are replaced: those that never became Ready at once, the
///    others within `maxUnavailable`, in restart order ([RestartOrder]). Replaced means: in place
///    where [TemplateChange] allows it, else by another Pod.
/// 5. Labels and annotations are brought up to date in place.
/// 6. When all are up, those that have not joined are told to the postScaleOut hook.
@NullMarked
package io.paas.plan.expodset;

import org.jspecify.annotations.NullMarked;
