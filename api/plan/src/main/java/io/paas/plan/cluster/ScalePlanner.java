package io.paas.plan.cluster;

import io.paas.api.v1.Operation;
import io.paas.plan.expodset.OrdinalSet;
import io.paas.plan.process.PlanOutcome.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/// What a request to scale a group asks for (FR-007): a number of Pods, or ordinals by name. Pure.
///
/// Which numbers a group may have is the catalog's to say, and admission asks it.
public final class ScalePlanner {

    private static final String REPLICAS = "replicas";
    private static final String REMOVE = "removeOrdinals";
    private static final String RESTORE = "restoreOrdinals";

    /// How a request ends.
    public sealed interface Outcome {

        /// The size that the group is to have; equal to the present one when nothing is to be done.
        record Planned(GroupSize size) implements Outcome {}

        /// The request fits nothing that exists.
        ///
        /// @param problems never empty
        record Refused(List<Problem> problems) implements Outcome {}
    }

    private final GroupSize now;
    private final Operation.Parameters asked;
    private final List<Problem> problems = new ArrayList<>();

    private ScalePlanner(GroupSize now, Operation.Parameters asked) {
        this.now = now;
        this.asked = asked;
    }

    /// Plans a request.
    ///
    /// @param now the size that the spec gives the group
    public static Outcome plan(GroupSize now, Operation.Parameters asked) {
        return new ScalePlanner(now, asked).plan();
    }

    private Outcome plan() {
        int kinds =
                (asked.replicas() == null ? 0 : 1)
                        + (asked.removeOrdinals().isEmpty() ? 0 : 1)
                        + (asked.restoreOrdinals().isEmpty() ? 0 : 1);
        if (kinds != 1) {
            problems.add(
                    new Problem(
                            REPLICAS,
                            "",
                            "exactly one of replicas, removeOrdinals and restoreOrdinals must be"
                                    + " set"));
            return new Outcome.Refused(problems);
        }
        GroupSize wanted = wanted();
        return problems.isEmpty() ? new Outcome.Planned(wanted) : new Outcome.Refused(problems);
    }

    private GroupSize wanted() {
        if (asked.replicas() != null) {
            return new GroupSize(asked.replicas(), now.offlineOrdinals());
        }
        return asked.removeOrdinals().isEmpty() ? restored() : removed();
    }

    private GroupSize removed() {
        SortedSet<Integer> running = now.running();
        check(
                REMOVE,
                asked.removeOrdinals(),
                ordinal -> running.contains(ordinal),
                "does not exist; the group runs " + orNone(OrdinalSet.text(running)));
        Set<Integer> gone = Set.copyOf(asked.removeOrdinals());
        if (problems.isEmpty() && gone.size() == running.size()) {
            problems.add(
                    new Problem(
                            REMOVE,
                            OrdinalSet.text(running),
                            "names all ordinals of the group; at least one has to stay"));
        }
        return now.taking(gone);
    }

    private GroupSize restored() {
        OrdinalSet offline = OrdinalSet.parse(now.offlineOrdinals());
        check(
                RESTORE,
                asked.restoreOrdinals(),
                offline::contains,
                "is not offline; offline: " + orNone(String.join(",", now.offlineOrdinals())));
        if (!problems.isEmpty()) {
            return now;
        }
        GroupSize wanted = now.bringing(new TreeSet<>(asked.restoreOrdinals()));
        check(
                RESTORE,
                asked.restoreOrdinals(),
                ordinal -> wanted.running().contains(ordinal),
                "would not run: it lies above the group's "
                        + wanted.replicas()
                        + " Pods, which would be "
                        + OrdinalSet.text(wanted.running()));
        return wanted;
    }

    private void check(
            String field, List<Integer> ordinals, IntPredicate isRight, String otherwise) {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < ordinals.size(); i++) {
            int ordinal = Objects.requireNonNull(ordinals.get(i));
            String path = field + "[" + i + "]";
            if (!isRight.test(ordinal)) {
                problems.add(problem(path, ordinal, otherwise));
            } else if (!seen.add(ordinal)) {
                problems.add(problem(path, ordinal, "is listed twice"));
            }
        }
    }

    private static Problem problem(String path, int ordinal, String what) {
        return new Problem(path, Integer.toString(ordinal), "ordinal " + ordinal + " " + what);
    }

    private static String orNone(String ordinals) {
        return ordinals.isEmpty() ? "none" : ordinals;
    }
}
