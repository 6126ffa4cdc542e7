package io.paas.controllers.operation;

import io.paas.controllers.operation.OperationSnapshot.CallState;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls that run now and the ends of those that nobody has looked at yet, by Operation and
/// step. Each call has a virtual thread of its own. Losing all of it loses nothing but time.
final class StepCalls {

    private static final Logger log = LoggerFactory.getLogger(StepCalls.class);

    /// The states of one Operation's calls by step; a state speaks of one attempt only.
    private record Attempt(int number, CallState state) {}

    private final StepRunner runner;
    private final InstantSource clock;
    private final Map<String, Map<String, Attempt>> operations = new ConcurrentHashMap<>();

    StepCalls(StepRunner runner, InstantSource clock) {
        this.runner = runner;
        this.clock = clock;
    }

    /// Begins a call unless one for this step runs.
    ///
    /// @param ended called on the call's thread
    void begin(StepCall call, Consumer<StepCall> ended) {
        Map<String, Attempt> calls =
                operations.computeIfAbsent(call.operationUid(), _ -> new ConcurrentHashMap<>());
        if (claim(calls, call)) {
            Thread.ofVirtual().name(call.requestId()).start(() -> run(call, calls, ended));
        }
    }

    private static boolean claim(Map<String, Attempt> calls, StepCall call) {
        AtomicBoolean free = new AtomicBoolean();
        calls.compute(
                call.step(),
                (_, before) -> {
                    free.set(before == null || !(before.state() instanceof CallState.InFlight));
                    return free.get() || before == null
                            ? new Attempt(call.attempt(), new CallState.InFlight())
                            : before;
                });
        return free.get();
    }

    private void run(StepCall call, Map<String, Attempt> calls, Consumer<StepCall> ended) {
        StepOutcome outcome;
        try {
            outcome = runner.run(call);
        } catch (RuntimeException e) {
            log.error("the call {} ended in a mistake of ours", call.requestId(), e);
            outcome = new StepOutcome.Failed(call.pod() + ": " + e);
        }
        CallState state = new CallState.Ended(outcome, clock.instant().atOffset(ZoneOffset.UTC));
        calls.put(call.step(), new Attempt(call.attempt(), state));
        ended.accept(call);
    }

    /// What is known by step.
    ///
    /// @param attempts the attempt of each running step; what an older one said is not told
    Map<String, CallState> states(String operationUid, Map<String, Integer> attempts) {
        Map<String, CallState> states = new HashMap<>();
        operations
                .getOrDefault(operationUid, Map.of())
                .forEach(
                        (step, attempt) -> {
                            boolean current = attempts.getOrDefault(step, 0) == attempt.number();
                            if (current || attempt.state() instanceof CallState.InFlight) {
                                states.put(step, attempt.state());
                            }
                        });
        return states;
    }

    void forget(String operationUid) {
        operations.remove(operationUid);
    }
}
