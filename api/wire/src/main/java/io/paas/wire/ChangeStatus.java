package io.paas.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The change an agent works on now, or the last one it finished.
public record ChangeStatus(
        String id,
        ProcessVerb verb,
        ChangeState state,
        @Nullable Instant since,
        @Nullable String message) {
    public ChangeStatus {
        Require.present("change.id", id);
        Require.present("change.verb", verb);
        Require.present("change.state", state);
    }
}
