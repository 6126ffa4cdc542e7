package io.paas.test.bench;

import java.util.List;

/// One figure that was promised.
///
/// @param what the figure and its limit
record Goal(String what, String measured, boolean held) {

    @Override
    public String toString() {
        return "goal: %s … measured: %s … %s".formatted(what, measured, held ? "held" : "MISSED");
    }

    static List<String> missed(List<Goal> goals) {
        return goals.stream().filter(goal -> !goal.held()).map(Goal::toString).toList();
    }
}
