/// Brings the Pods and claims of ExPodSets to what their specs say.
@NullMarked
package io.paas.controllers.expodset;

import org.jspecify.annotations.NullMarked;
