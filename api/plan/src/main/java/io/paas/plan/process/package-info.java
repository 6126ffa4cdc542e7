/// Plans start, stop and restart of many processes (FR-024): who, in which order, how many at once.
///
/// 1. The selection is checked against what exists; a name that does not exist is refused with what
///    does. A start or stop of whole groups also means wanted Pods that do not exist at the moment.
/// 2. The chosen Pods are sorted by role in the group's restart order, so that the primary comes
///    last (first for a start), then by ordinal from the highest (lowest for a start).
/// 3. They are cut into waves of at most maxConcurrent; a wave never mixes roles.
///
/// The API server answers `dryRun` with this plan, and the controllers execute it.
@NullMarked
package io.paas.plan.process;

import org.jspecify.annotations.NullMarked;
