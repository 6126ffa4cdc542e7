package io.paas.test.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What a person may choose, by the environment: `BENCH_FULL`, `BENCH_SIZES`, `BENCH_ROUNDS`,
/// `BENCH_LIMITS`, `BENCH_QPS`, `BENCH_CLAIMS`, `BENCH_IDLE_SECONDS`, `BENCH_OUTAGE_SECONDS`.
///
/// @param sizes numbers of sets or clusters, ascending
/// @param qps of both contestants at [Limits#EQUAL]
/// @param claims whether each Pod has a volume claim
/// @param outage zero leaves it out
record Settings(
        List<Integer> sizes,
        int rounds,
        List<Limits> limits,
        int qps,
        boolean claims,
        Duration idle,
        Duration outage) {

    /// About six minutes, or with `BENCH_FULL=1` hours: StatefulSet alone takes six minutes for
    /// 1,000 sets as it is shipped.
    static Settings ofSets(Map<String, String> environment) {
        return new Reader(environment)
                .settings("10,100", "10,100,1000", "shipped,equal", "shipped,equal,none");
    }

    static Settings ofClusters(Map<String, String> environment) {
        return new Reader(environment).settings("10,50", "10,100,500", "shipped", "shipped");
    }

    int smallest() {
        return sizes.getFirst();
    }

    int largest() {
        return sizes.getLast();
    }

    private record Reader(Map<String, String> environment) {

        Settings settings(String quick, String full, String quickLimits, String fullLimits) {
            boolean all = text("BENCH_FULL", "").equals("1");
            return new Settings(
                    list("BENCH_SIZES", all ? full : quick).map(Integer::valueOf).sorted().toList(),
                    number("BENCH_ROUNDS", all ? 3 : 1),
                    list("BENCH_LIMITS", all ? fullLimits : quickLimits).map(Limits::of).toList(),
                    number("BENCH_QPS", 100),
                    text("BENCH_CLAIMS", "").equals("1"),
                    Duration.ofSeconds(number("BENCH_IDLE_SECONDS", 60)),
                    Duration.ofSeconds(number("BENCH_OUTAGE_SECONDS", 60)));
        }

        private Stream<String> list(String name, String otherwise) {
            return Arrays.stream(text(name, otherwise).split(",")).map(String::strip);
        }

        private int number(String name, int otherwise) {
            return Integer.parseInt(text(name, "" + otherwise));
        }

        private String text(String name, String otherwise) {
            return environment.getOrDefault(name, otherwise);
        }
    }
}
