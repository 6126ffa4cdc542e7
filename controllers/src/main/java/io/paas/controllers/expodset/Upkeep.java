package io.paas.controllers.expodset;

import io.paas.api.v1.ExPodSet;
import java.util.List;

/// Something that a set needs beside its Pods and that no Pod waits for.
interface Upkeep {

    /// Makes it so; writes nothing when it is.
    List<Problem> keep(ExPodSet set);
}
