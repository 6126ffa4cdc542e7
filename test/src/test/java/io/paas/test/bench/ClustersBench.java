package io.paas.test.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Hundreds of clusters, by `make bench-clusters`.
class ClustersBench {

    private final Settings settings = Settings.ofClusters(System.getenv());

    @Test
    void holdsItsGoals() throws Exception {
        List<ClusterTurn.Result> results = new ArrayList<>();
        Machine machine = null;
        for (int round = 0; round < settings.rounds(); round++) {
            for (int size : settings.sizes()) {
                // What clusters leave behind is the garbage collector's, which does not run here.
                try (Plane plane = Plane.start()) {
                    machine = machine == null ? Machine.here(plane) : machine;
                    results.add(new ClusterTurn(plane, settings, size).play());
                }
                System.out.printf("%d clusters: %.0f MiB%n", size, results.getLast().megabytes());
            }
        }
        ClusterReport report = new ClusterReport(settings, results);
        Markdown page = report.page(machine);
        page.write("clusters.md");
        System.out.println(page);
        assertThat(Goal.missed(report.goals())).isEmpty();
    }
}
