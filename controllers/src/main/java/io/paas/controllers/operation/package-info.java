/// Carries Operations out: start, stop and restart of many processes (FR-024, SC-010), and changes
/// of a cluster's groups (FR-010).
///
/// 1. Observe: the Operation, its cluster, the Pods, and what the calls that run or ended said.
/// 2. Plan ([io.paas.controllers.operation.OperationPlanner], pure): settle the running steps, obey
///    `control` and the deadline, begin the next wave when the one before it has ended and its
///    interval is over.
/// 3. Write the status, so that a step is known to run before it runs.
/// 4. Call the agents, each call on a thread of its own; its end brings the Operation back to 1.
///
/// Every call first asks the agent whether the step is already done and then repeats it under the
/// same request id, so that a controller that was killed anywhere goes on without doing it twice.
///
/// A change of groups calls nobody: its running step ([io.paas.controllers.operation.GroupSteps])
/// is the leave for the cluster's controller to change one ExPodSet, and is over when that is at
/// rest.
@NullMarked
package io.paas.controllers.operation;

import org.jspecify.annotations.NullMarked;
