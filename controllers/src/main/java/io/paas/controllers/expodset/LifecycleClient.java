package io.paas.controllers.expodset;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.paas.agent.AgentAddress;
import io.paas.plan.expodset.ExPodSetSnapshot.HookPhase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Calls a lifecycle API of one Pod and waits for its end.
@FunctionalInterface
interface LifecycleClient {

    /// How a call ended.
    sealed interface Outcome {

        HookPhase phase();

        /// Empty when it succeeded.
        String message();

        /// It succeeded.
        ///
        /// @param data what the hook gave back; null when it gave nothing
        record Done(@Nullable JsonElement data) implements Outcome {
            Done() {
                this(null);
            }

            @Override
            public HookPhase phase() {
                return HookPhase.DONE;
            }

            @Override
            public String message() {
                return "";
            }
        }

        /// Whether the hook ran is not known, or it could not: the same call under the same key
        /// finds out or does it.
        record Waiting(String message) implements Outcome {
            @Override
            public HookPhase phase() {
                return HookPhase.WAITING;
            }
        }

        /// The hook answered; another call may succeed later.
        record Failed(String message) implements Outcome {
            @Override
            public HookPhase phase() {
                return HookPhase.FAILED;
            }
        }

        /// The hook answered that it is too early (HTTP 503, exit code 75).
        record NotYet(String message) implements Outcome {
            @Override
            public HookPhase phase() {
                return HookPhase.FAILED;
            }
        }

        /// It will not succeed as things are (HTTP 412).
        record Refused(String message) implements Outcome {
            @Override
            public HookPhase phase() {
                return HookPhase.REFUSED;
            }
        }
    }

    Outcome call(
            AgentAddress agent,
            String api,
            String idempotencyKey,
            JsonObject parameters,
            Duration timeout)
            throws InterruptedException;
}
