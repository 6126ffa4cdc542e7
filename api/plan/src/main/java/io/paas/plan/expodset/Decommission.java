package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.json.Json;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The mark on a claim whose ordinal was taken out of service.
///
/// What is behind it was a member that the others have forgotten. The set that marked a claim takes
/// it back when its own spec says so: an ordinal restored, or a plain scale-out, which brings the
/// data back as StatefulSet does. Another set of the same name never asked for it, and neither did
/// this one about a mark that somebody wrote by hand: then the Pod is not made.
public final class Decommission {

    /// Who marked.
    ///
    /// @param at seconds, ISO 8601
    /// @param generation of the ExPodSet
    /// @param uid of the ExPodSet
    record Mark(String at, long generation, String uid) {}

    /// A Pod that is not made because of a claim.
    public record Blocked(int ordinal, String claim, String mark) {}

    private Decommission() {}

    /// The mark that a claim should have; null for none.
    static @Nullable String wanted(ExPodSetSnapshot now, ObservedClaim claim, boolean goesWithPod) {
        String present = claim.decommissioned();
        if (now.settings().running().contains(claim.ordinal())) {
            return present != null && isOwn(now, present) ? null : present;
        }
        return present == null && claim.ours() && !goesWithPod ? newMark(now) : present;
    }

    /// Whether a mark keeps a claim from being used.
    static boolean forbids(ExPodSetSnapshot now, ObservedClaim claim) {
        return claim.decommissioned() != null && !isOwn(now, claim.decommissioned());
    }

    /// The Pods that wait for somebody to decide about a claim; ordered by claim.
    public static List<Blocked> blocked(ExPodSetSnapshot now) {
        return now.claims().values().stream()
                .filter(claim -> now.settings().running().contains(claim.ordinal()))
                .filter(claim -> !now.pods().containsKey(claim.ordinal()))
                .filter(claim -> forbids(now, claim))
                .map(
                        claim ->
                                new Blocked(
                                        claim.ordinal(),
                                        claim.name(),
                                        String.valueOf(claim.decommissioned())))
                .toList();
    }

    private static boolean isOwn(ExPodSetSnapshot now, String mark) {
        try {
            JsonNode uid = Json.read(mark, JsonNode.class).path("uid");
            return uid.isTextual() && uid.asText().equals(now.set().metadata().getUid());
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String newMark(ExPodSetSnapshot now) {
        Long generation = now.set().metadata().getGeneration();
        return Json.write(
                new Mark(
                        now.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        generation == null ? 0 : generation,
                        Objects.requireNonNullElse(now.set().metadata().getUid(), "")));
    }
}
