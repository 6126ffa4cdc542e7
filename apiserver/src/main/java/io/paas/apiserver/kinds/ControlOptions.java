package io.paas.apiserver.kinds;

import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("ControlOptions accompany pause, resume, cancel and retry of an Operation.")
public record ControlOptions(
        @Doc(
                        "Taken as by every verb. Pause, resume and cancel may be repeated without, a"
                                + " retry only with it. At most 128 characters.")
                @Nullable String requestID,
        @Doc("['All'] answers what would be done and does nothing.") List<String> dryRun) {

    public ControlOptions {
        dryRun = dryRun == null ? List.of() : dryRun;
    }
}
