package io.paas.test.faults;

import io.paas.test.proxy.FaultProxy;
import io.paas.test.proxy.Plan;
import io.paas.test.proxy.Write;
import io.paas.test.proxy.WriteFault;
import io.paas.test.support.KubeApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Carries out one scenario, without a fault or with one.
final class Run {

    /// For the way to the end; a hanging call alone takes 30 s until the client gives up.
    static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration GLIMPSE = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final KubeApiServer server;
    private final Api api;
    private final Duration quiet;
    private final Duration limit;

    /// A run.
    ///
    /// @param quiet how long nothing may be written after the end state
    /// @param limit how long the way there may take
    Run(KubeApiServer server, Api api, Duration quiet, Duration limit) {
        this.server = server;
        this.api = api;
        this.quiet = quiet;
        this.limit = limit;
    }

    /// Without a fault.
    ///
    /// @throws IllegalStateException when already the undisturbed run goes wrong
    Reference reference(Scenario scenario) throws Exception {
        try (World world = begin(scenario)) {
            prepare(world, scenario);
            world.proxy().follow(Plan.NONE);
            long begin = System.nanoTime();
            scenario.act(world);
            Await.until(
                    "the end of " + scenario,
                    limit,
                    () -> world.isSettled() && world.isIdle(Duration.ofSeconds(1)));
            List<FaultProxy.Seen> writes = world.proxy().writes();
            long end = writes.isEmpty() ? System.nanoTime() : writes.getLast().nanos();
            EndState state = world.state();
            List<String> reasons = afterwards(world, state);
            if (!reasons.isEmpty()) {
                throw new IllegalStateException("reference of " + scenario + ": " + reasons);
            }
            SafetyObserver.Counts counts = world.observer().counts();
            return Reference.of(scenario, writes, begin, end, state, counts);
        }
    }

    Outcome with(Point point, Reference reference) throws Exception {
        try (World world = begin(point.scenario())) {
            prepare(world, point.scenario());
            world.observer().allowNoMoreThan(reference.counts());
            AtomicLong happened = new AtomicLong();
            arm(world, point, happened);
            point.scenario().act(world);
            return watched(world, point, reference, happened);
        } catch (RuntimeException e) {
            return new Outcome.Failed(List.of(e + " " + List.of(e.getStackTrace())));
        }
    }

    private World begin(Scenario scenario) throws InterruptedException {
        String name = scenario.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return World.begin(server, api, name);
    }

    private static void prepare(World world, Scenario scenario) throws InterruptedException {
        scenario.prepare(world);
        world.settle();
    }

    private static void arm(World world, Point point, AtomicLong happened) throws IOException {
        world.proxy().keepLists();
        Write at = point.at() == null ? null : point.at().in(world.namespace());
        world.proxy().follow(write -> write.equals(at) ? happen(world, point, happened) : null);
        if (at == null) {
            happen(world, point, happened);
        }
    }

    private static @Nullable WriteFault happen(World world, Point point, AtomicLong happened) {
        happened.set(System.nanoTime());
        return point.happen(world);
    }

    private Outcome watched(World world, Point point, Reference reference, AtomicLong happened)
            throws InterruptedException {
        // Counted rather than timed: a machine that stood still for a minute has tried nothing.
        long looks = limit.dividedBy(LOOK);
        String difference;
        do {
            Thread.sleep(LOOK);
            difference =
                    world.isIdle(GLIMPSE)
                            ? world.state().difference(reference.end())
                            : "it still writes";
            if (--looks < 0) {
                return failed(world, "no convergence in " + limit + ": " + difference);
            }
        } while (!difference.isEmpty());
        if (happened.get() == 0) {
            return new Outcome.NotReached();
        }
        Duration late = late(world, point, reference, happened.get());
        List<String> reasons = afterwards(world, reference.end());
        reasons.addAll(counted(world, reference));
        return reasons.isEmpty() ? new Outcome.Converged(late) : new Outcome.Failed(reasons);
    }

    private static Duration late(World world, Point point, Reference reference, long happened) {
        List<FaultProxy.Seen> writes = world.proxy().writes();
        long end = writes.isEmpty() ? happened : writes.getLast().nanos();
        Duration took = Duration.ofNanos(Math.max(0, end - happened));
        Duration late = took.minus(reference.untilEnd(point.at()));
        return late.isNegative() ? Duration.ZERO : late;
    }

    /// Nothing may be written any more, the state must stay, and nothing forbidden was seen.
    private List<String> afterwards(World world, EndState end) throws InterruptedException {
        int before = world.proxy().writes().size();
        Thread.sleep(quiet);
        List<FaultProxy.Seen> late =
                world.proxy().writes().stream()
                        .skip(before)
                        // An attempt on what is gone wrote nothing.
                        .filter(seen -> seen.code() != 404)
                        .toList();
        List<String> reasons = new ArrayList<>(world.observer().violations());
        if (!late.isEmpty()) {
            reasons.add("written after the end: " + late);
        }
        String difference = world.state().difference(end);
        if (!difference.isEmpty()) {
            reasons.add("did not stay: " + difference);
        }
        return reasons;
    }

    /// Fewer is wrong, too; more the observer has said already.
    private static List<String> counted(World world, Reference reference) {
        SafetyObserver.Counts counts = world.observer().counts();
        return counts.equals(reference.counts()) || !world.observer().violations().isEmpty()
                ? List.of()
                : List.of("counted " + counts + " instead of " + reference.counts());
    }

    private static Outcome failed(World world, String reason) {
        List<String> reasons = new ArrayList<>(world.observer().violations());
        reasons.add(reason);
        reasons.add(
                "writes: " + world.proxy().writes().stream().map(FaultProxy.Seen::write).toList());
        return new Outcome.Failed(reasons);
    }
}
