/// What becomes of ExPodSets when the controllers die, their calls fail or their watches lag.
///
/// 1. A *reference run* of each [Scenario] without faults: its writes, its end state, how often
///    each object was created and deleted.
/// 2. One run for each [Point] (one fault at one write): the same [EndState], the same counts.
/// 3. A [SafetyObserver] with a watch of its own sees every state in between; what may never be is
///    a violation, and the run has failed.
/// 4. After the end state nothing is written any more.
///
/// Pods run on a [FakeNode]. Judges share no code with what they judge: they talk to kube-apiserver
/// through [Api].
@NullMarked
package io.paas.test.faults;

import org.jspecify.annotations.NullMarked;
