package io.paas.apiserver.kinds;

import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("ControlOptions accompany pause, resume and cancel of an Operation.")
public record ControlOptions(
        @Doc(
                        "Taken as by every verb; a control may be repeated with or without. At most"
                                + " 128 characters.")
                @Nullable String requestID,
        @Doc("['All'] answers what would be done and does nothing.") List<String> dryRun) {

    public ControlOptions {
        dryRun = dryRun == null ? List.of() : dryRun;
    }
}
