package io.paas.apiserver.kinds;

import java.util.List;

@Doc("ControlOptions accompany pause, resume and cancel of an Operation.")
public record ControlOptions(
        @Doc("['All'] answers what would be done and does nothing.") List<String> dryRun) {

    public ControlOptions {
        dryRun = dryRun == null ? List.of() : dryRun;
    }
}
