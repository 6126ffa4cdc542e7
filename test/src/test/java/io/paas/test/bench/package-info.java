/// What the controllers cost and how fast they are, beside StatefulSet and against stated goals.
///
/// 1. One [Plane]: a real etcd and kube-apiserver, with KWOK as the kubelet.
/// 2. Its own limits first, without any controller: the [Ceiling].
/// 3. One [Turn] after the other: one contestant as a process of its own, one number of sets. The
///    contestants alternate, and who begins alternates too, so that what else the machine does hits
///    both. Hence ratios say more than times, and medians of rounds more than one round.
/// 4. Sets come in at once, whether or not the contestant keeps up: what it does not manage is seen
///    as time, not as fewer sets.
/// 5. Writes are counted by kube-apiserver ([AuditTrail]), processors and memory by the kernel
///    ([Usage]): no contestant is asked about itself.
@NullMarked
package io.paas.test.bench;

import org.jspecify.annotations.NullMarked;
