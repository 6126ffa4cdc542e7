package io.paas.plan.process;

import io.paas.api.v1.Operation;
import io.paas.plan.process.PlanOutcome.Problem;
import io.paas.plan.process.ProcessPlan.Step;
import io.paas.plan.process.ProcessPlan.Wave;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns a selection of a cluster's Pods into waves. Pure; equal input gives an equal plan.
public final class ProcessPlanner {

    private static final String GROUPS = "selector.groups";
    private static final String ORDINALS = "selector.ordinals";
    private static final String ROLE = "selector.role";

    private ProcessPlanner() {}

    /// The word of a type in step names and messages.
    public static String word(Operation.Type type) {
        return switch (type) {
            case START -> "Start";
            case STOP -> "Stop";
            case RESTART -> "Restart";
            case SCALE_OUT -> "ScaleOut";
            case SCALE_IN -> "ScaleIn";
            case TOPOLOGY_CHANGE -> "TopologyChange";
            case TEMPLATE_CHANGE -> "TemplateChange";
        };
    }

    /// Plans a type of Operation on the Pods that its parameters choose.
    ///
    /// @param groups all groups of the cluster
    public static PlanOutcome plan(
            Operation.Type type, List<GroupSnapshot> groups, Operation.Parameters parameters) {
        List<GroupSnapshot> meant = meant(type, groups, parameters);
        List<Problem> problems = check(meant, parameters);
        if (!problems.isEmpty()) {
            return new PlanOutcome.Refused(problems);
        }
        List<Step> steps = new ArrayList<>();
        List<Integer> ranks = new ArrayList<>();
        List<Chosen> chosen = chosen(meant, parameters);
        chosen.sort(type == Operation.Type.START ? order().reversed() : order());
        for (Chosen pod : chosen) {
            steps.add(pod.toStep(type));
            ranks.add(pod.rank());
        }
        int atOnce = Objects.requireNonNullElse(parameters.maxConcurrent(), 1);
        return new PlanOutcome.Planned(new ProcessPlan(type, waves(steps, ranks, atOnce)));
    }

    /// A start or stop of whole groups means also the Pods that are just being made again: one that
    /// was made from the old spec a moment ago would be missed. A restart has nothing to do there.
    private static List<GroupSnapshot> meant(
            Operation.Type type, List<GroupSnapshot> groups, Operation.Parameters wanted) {
        boolean ofWholeGroups =
                type != Operation.Type.RESTART
                        && wanted.role() == null
                        && wanted.ordinals().isEmpty();
        return ofWholeGroups ? groups.stream().map(GroupSnapshot::withMissing).toList() : groups;
    }

    private static List<Wave> waves(List<Step> steps, List<Integer> ranks, int atOnce) {
        List<Wave> waves = new ArrayList<>();
        List<Step> wave = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            boolean otherRole = i > 0 && !ranks.get(i).equals(ranks.get(i - 1));
            if (wave.size() == atOnce || (otherRole && !wave.isEmpty())) {
                waves.add(new Wave(waves.size(), wave));
                wave = new ArrayList<>();
            }
            wave.add(steps.get(i));
        }
        if (!wave.isEmpty()) {
            waves.add(new Wave(waves.size(), wave));
        }
        return waves;
    }

    private static List<Problem> check(List<GroupSnapshot> groups, Operation.Parameters wanted) {
        List<Problem> problems = new ArrayList<>();
        List<String> names = groups.stream().map(GroupSnapshot::name).toList();
        for (String group : wanted.groups()) {
            if (!names.contains(group)) {
                problems.add(
                        new Problem(
                                GROUPS,
                                group,
                                "there is no group '" + group + "'" + present(names)));
            }
        }
        if (!problems.isEmpty()) {
            return problems;
        }
        if (!wanted.ordinals().isEmpty() && wanted.groups().isEmpty() && names.size() > 1) {
            problems.add(
                    new Problem(
                            GROUPS,
                            "",
                            "must name a group, because each of several has its own ordinals"
                                    + present(names)));
            return problems;
        }
        List<GroupSnapshot.Pod> pods = pods(groups, wanted);
        List<Integer> ordinals =
                pods.stream().map(GroupSnapshot.Pod::ordinal).sorted().distinct().toList();
        for (int ordinal : wanted.ordinals()) {
            if (!ordinals.contains(ordinal)) {
                problems.add(
                        new Problem(
                                ORDINALS,
                                Integer.toString(ordinal),
                                "ordinal " + ordinal + " does not exist" + present(ordinals)));
            }
        }
        return problems.isEmpty() ? checkRole(pods, wanted) : problems;
    }

    private static List<Problem> checkRole(
            List<GroupSnapshot.Pod> pods, Operation.Parameters wanted) {
        TreeSet<String> roles =
                pods.stream()
                        .map(GroupSnapshot.Pod::role)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toCollection(TreeSet::new));
        String role = wanted.role();
        if (role != null && !roles.contains(role)) {
            return List.of(
                    new Problem(ROLE, role, "no Pod has role '" + role + "'" + present(roles)));
        }
        if (pods.isEmpty()) {
            return List.of(new Problem("selector", "", "there are no Pods"));
        }
        return pods.stream().anyMatch(pod -> isChosen(pod, wanted.ordinals(), role))
                ? List.of()
                : List.of(
                        new Problem(
                                ROLE,
                                String.valueOf(role),
                                "none of the chosen ordinals has role '" + role + "'"));
    }

    private static String present(Collection<?> existing) {
        return "; present: "
                + (existing.isEmpty()
                        ? "none"
                        : existing.stream()
                                .map(Object::toString)
                                .collect(Collectors.joining(", ")));
    }

    private static List<GroupSnapshot.Pod> pods(
            List<GroupSnapshot> groups, Operation.Parameters wanted) {
        return groups.stream()
                .filter(
                        group ->
                                wanted.groups().isEmpty() || wanted.groups().contains(group.name()))
                .flatMap(group -> group.pods().stream())
                .toList();
    }

    private static List<Chosen> chosen(List<GroupSnapshot> groups, Operation.Parameters wanted) {
        List<Chosen> chosen = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            GroupSnapshot group = groups.get(i);
            if (wanted.groups().isEmpty() || wanted.groups().contains(group.name())) {
                for (GroupSnapshot.Pod pod : group.pods()) {
                    if (isChosen(pod, wanted.ordinals(), wanted.role())) {
                        chosen.add(new Chosen(i, group, pod, rank(group, pod)));
                    }
                }
            }
        }
        return chosen;
    }

    private static boolean isChosen(
            GroupSnapshot.Pod pod, List<Integer> ordinals, @Nullable String role) {
        return (ordinals.isEmpty() || ordinals.contains(pod.ordinal()))
                && (role == null || role.equals(pod.role()));
    }

    /// A Pod of unknown role could be the primary: it comes right before the last role.
    private static int rank(GroupSnapshot group, GroupSnapshot.Pod pod) {
        int last = group.restartOrder().size() - 1;
        int index = group.restartOrder().indexOf(String.valueOf(pod.role()));
        if (index < 0) {
            return 2 * last - 1;
        }
        return 2 * index;
    }

    private static Comparator<Chosen> order() {
        return Comparator.comparingInt(Chosen::rank)
                .thenComparing(Comparator.comparingInt(Chosen::position).reversed())
                .thenComparing(
                        Comparator.comparingInt((Chosen chosen) -> chosen.pod().ordinal())
                                .reversed());
    }

    private record Chosen(int position, GroupSnapshot group, GroupSnapshot.Pod pod, int rank) {
        Step toStep(Operation.Type type) {
            return new Step(
                    word(type) + "-" + pod.name(),
                    pod.name(),
                    group.name(),
                    pod.ordinal(),
                    pod.role());
        }
    }
}
