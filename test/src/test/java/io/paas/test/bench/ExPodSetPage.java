package io.paas.test.bench;

import io.paas.test.bench.Turn.Result;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/// What all turns have shown, as tables.
///
/// @param ceilings before and after
record ExPodSetPage(Comparison all, List<Ceiling> ceilings) {

    Markdown page(Machine machine, List<Goal> goals) {
        Markdown page =
                new Markdown()
                        .paragraph(machine.text() + ".")
                        .paragraph(
                                """
                                Load average before: %s. Rounds: %d. Sets of %d Pods%s; median \
                                (smallest–largest)."""
                                        .formatted(
                                                machine.load(),
                                                all.settings().rounds(),
                                                Kind.PODS,
                                                all.settings().claims()
                                                        ? " with a claim each"
                                                        : ""))
                        .paragraph(
                                """
                                Bare writes of this machine, before and after: %s Pods created a second \
                                by %d clients; %s Pods a second created and made ready by KWOK, with no \
                                controller. No controller can be faster."""
                                        .formatted(
                                                both(Ceiling::writes),
                                                Kube.CLIENTS,
                                                both(Ceiling::ready)));
        speedTable(page);
        writesTable(page);
        restTable(page);
        return page.list(goals);
    }

    private String both(ToDoubleFunction<Ceiling> value) {
        return ceilings.stream()
                .map(ceiling -> "%.0f".formatted(value.applyAsDouble(ceiling)))
                .reduce((a, b) -> a + " and " + b)
                .orElse("–");
    }

    private void speedTable(Markdown page) {
        page.table(
                "limits",
                "sets",
                "kind",
                "Pods/s",
                "× StatefulSet",
                "create→Ready p50 s",
                "p99 s",
                "own writes/Pod",
                "× StatefulSet",
                "Events/Pod",
                "reads/Pod",
                "CPU ms/Pod",
                "kube-apiserver CPU ms/Pod",
                "RSS MiB");
        for (Limits limits : all.settings().limits()) {
            for (int size : all.settings().sizes()) {
                for (Kind kind : List.of(Kind.STATEFUL_SET, Kind.EX_POD_SET)) {
                    speedRow(page, kind, limits, size);
                }
            }
        }
        page.endOfTable();
    }

    private void speedRow(Markdown page, Kind kind, Limits limits, int size) {
        List<Result> turns = all.of(kind, limits, size);
        boolean ours = kind == Kind.EX_POD_SET;
        page.row(
                limits == Limits.EQUAL ? "equal, %d/s".formatted(all.settings().qps()) : limits,
                size,
                kind,
                Sample.of(turns, Result::podsPerSecond).text(1)
                        + (turns.stream().allMatch(all::obeysLimits) ? "" : " (limit not obeyed)"),
                ours ? all.ratios(limits, size, Result::podsPerSecond).text(2) : 1,
                Sample.of(turns, r -> Sample.seconds(r.each()).median()).text(1),
                Sample.of(turns, r -> Sample.seconds(r.each()).quantile(0.99)).text(1),
                Sample.of(turns, Result::ownWritesPerPod).text(2),
                ours ? all.ratios(limits, size, Result::ownWritesPerPod).text(2) : 1,
                Sample.of(turns, r -> (double) r.traffic().events() / r.pods()).text(2),
                Sample.of(turns, r -> (double) r.traffic().reads() / r.pods()).text(2),
                Sample.of(turns, r -> r.cpuSeconds() * 1000 / r.pods()).text(1),
                Sample.of(turns, r -> r.serverCpuSeconds() * 1000 / r.pods()).text(1),
                Sample.of(turns, Result::residentMiB).text(0));
    }

    /// Which writes these are, at the largest number of sets.
    private void writesTable(Markdown page) {
        Limits limits = all.settings().limits().getLast();
        page.paragraph(
                "Own writes per Pod at %d sets, limits %s:"
                        .formatted(all.settings().largest(), limits));
        page.table("write", Kind.STATEFUL_SET.toString(), Kind.EX_POD_SET.toString());
        TreeSet<String> kinds = new TreeSet<>();
        all.results().forEach(r -> kinds.addAll(r.traffic().kinds().keySet()));
        kinds.forEach(
                write ->
                        page.row(
                                write,
                                perPod(Kind.STATEFUL_SET, limits, write),
                                perPod(Kind.EX_POD_SET, limits, write)));
        page.row(
                "(of these refused)",
                Sample.of(
                                all.of(Kind.STATEFUL_SET, limits, all.settings().largest()),
                                r -> (double) r.traffic().refused() / r.pods())
                        .text(2),
                Sample.of(
                                all.of(Kind.EX_POD_SET, limits, all.settings().largest()),
                                r -> (double) r.traffic().refused() / r.pods())
                        .text(2));
        page.endOfTable();
    }

    private String perPod(Kind kind, Limits limits, String write) {
        return Sample.of(
                        all.of(kind, limits, all.settings().largest()),
                        r -> (double) r.traffic().kinds().getOrDefault(write, 0L) / r.pods())
                .text(2);
    }

    private void restTable(Markdown page) {
        page.table(
                "as shipped, at rest",
                "RSS MiB per 1,000 sets more",
                "one more set beside %d s".formatted(all.settings().smallest()),
                "beside %d s".formatted(all.settings().largest()),
                "idle: own writes",
                "reads",
                "CPU s",
                "sets touched",
                "own writes",
                "CPU ms each",
                "set after the outage s",
                "bare Pod then s",
                "own writes then",
                "restarts");
        for (Kind kind : List.of(Kind.STATEFUL_SET, Kind.EX_POD_SET)) {
            all.results().stream()
                    .filter(r -> r.kind() == kind)
                    .forEach(r -> r.rest().forEach(rest -> restRow(page, kind, rest)));
        }
        page.endOfTable();
    }

    private void restRow(Markdown page, Kind kind, Turn.Rest rest) {
        page.row(
                kind,
                all.slope(kind).text(1),
                all.oneMore(kind, all.settings().smallest()).text(2),
                all.oneMore(kind, all.settings().largest()).text(2),
                rest.idle().ownWrites(),
                rest.idle().reads(),
                "%.2f".formatted(rest.idleCpuSeconds()),
                rest.touched(),
                rest.noOp().ownWrites(),
                "%.2f".formatted(rest.noOpCpuSeconds() * 1000 / rest.touched()),
                "%.1f".formatted(rest.recovery().toMillis() / 1000.0),
                "%.1f".formatted(rest.floor().toMillis() / 1000.0),
                rest.afterOutage().ownWrites(),
                rest.restarts());
    }
}
