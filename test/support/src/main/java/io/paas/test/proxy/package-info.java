/// A proxy between one component under test and a real kube-apiserver that does to the component
/// what a network, a crash or an overloaded server may do, at an exactly known request.
///
/// 1. A process under test gets a [Door] of its own; killing the process closes the door and cuts
///    everything that came through it, at once.
/// 2. Every mutating request is numbered ([Write]) and the [Plan] asked what to do to it
///    ([WriteFault]).
/// 3. Watches can be cut, held, and robbed of events ([WatchFaults]).
@NullMarked
package io.paas.test.proxy;

import org.jspecify.annotations.NullMarked;
