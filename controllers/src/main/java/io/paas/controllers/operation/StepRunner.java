package io.paas.controllers.operation;

/// Does one step's call. Blocks, and throws nothing for what an agent or the network does.
@FunctionalInterface
interface StepRunner {
    StepOutcome run(StepCall call);
}
