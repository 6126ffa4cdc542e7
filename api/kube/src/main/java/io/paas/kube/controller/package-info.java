/// The reconcile loop: work queue, retries, leader election, Events.
@NullMarked
package io.paas.kube.controller;

import org.jspecify.annotations.NullMarked;
