package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/// One thing to do; its text is the line for the log.
public sealed interface PodAction {

    /// Makes the claim that a claim template asks for.
    record CreateClaim(int ordinal, String template) implements PodAction {}

    /// Changes whose a claim is, or its mark.
    ///
    /// @param metadata a merge patch of its metadata, for exactly the version that was seen
    record UpdateClaim(int ordinal, String name, ObjectNode metadata) implements PodAction {}

    /// Makes the Pod of an ordinal from a revision's template.
    record CreatePod(int ordinal, String revision) implements PodAction {}

    /// Deletes exactly this Pod, gracefully.
    record DeletePod(int ordinal, String name, String uid, Why why) implements PodAction {}

    /// Sets labels and annotations of a running Pod.
    record PatchPod(
            int ordinal, String name, Map<String, String> labels, Map<String, String> annotations)
            implements PodAction {}

    /// Begins to bring a running Pod to a revision in place, and sets images.
    record UpdatePod(
            int ordinal,
            String name,
            String uid,
            SortedMap<ContainerRef, String> images,
            InPlaceRecord record)
            implements PodAction {}

    /// Sets CPU and memory of running containers.
    record ResizePod(
            int ordinal, String name, SortedMap<ContainerRef, ContainerResources> resources)
            implements PodAction {}

    /// Says that a Pod has become one of a revision in place.
    record FinishUpdate(int ordinal, String name, String uid, String revision)
            implements PodAction {}

    /// Says in a Pod's readiness gate whether it has joined.
    record GatePod(int ordinal, String name, String uid, boolean joined) implements PodAction {}

    /// Records which ordinals have joined when some of them left.
    record RecordJoined(String ordinals) implements PodAction {}

    /// Calls postScaleOut on a Pod.
    ///
    /// @param target the ordinals that will have joined
    /// @param attempt from 0; part of the idempotency key
    record CallPostScaleOut(int ordinal, SortedSet<Integer> joining, String target, int attempt)
            implements PodAction {}

    /// Calls preScaleIn on a Pod.
    ///
    /// @param ordinal of the Pod that is called; [#NOBODY] while none can be reached, so that only
    ///   the time runs
    /// @param leaving ordinals of the Pods that should leave
    /// @param attempt from 0; part of the idempotency key
    /// @param since when the first attempt began
    record CallPreScaleIn(int ordinal, SortedSet<Integer> leaving, int attempt, Instant since)
            implements PodAction {

        public static final int NOBODY = -1;
    }

    /// Asks Pods in which order they want to be restarted.
    ///
    /// @param question the picture of the set that the answers will be good for
    record AskOrder(SortedSet<Integer> ordinals, String question) implements PodAction {}

    /// Deletes a ControllerRevision that no Pod has any more.
    record DeleteRevision(String name) implements PodAction {}

    /// Why a Pod is deleted.
    enum Why {
        /// It ended or was evicted.
        FAILED,
        /// It is outside the running set.
        SCALED_IN,
        /// It is behind the update revision.
        OUTDATED,
        /// It is behind the update revision and never became Ready.
        OUTDATED_NEVER_READY
    }
}
