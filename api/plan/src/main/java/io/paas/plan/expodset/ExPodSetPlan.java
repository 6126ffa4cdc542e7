package io.paas.plan.expodset;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to do now.
///
/// @param lookAgain when time alone will bring the next step; null when only a change does
public record ExPodSetPlan(List<PodAction> actions, @Nullable Duration lookAgain) {}
