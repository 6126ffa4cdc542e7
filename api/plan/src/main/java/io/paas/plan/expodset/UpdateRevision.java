package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.v1.ExPodSet;
import java.util.Comparator;
import java.util.List;

/// Finds the revision of a set's present template.
public final class UpdateRevision {

    private UpdateRevision() {}

    /// Its name: that of the newest revision which needs the same Pods, though it may be written
    /// otherwise (a default made explicit); without one, a new name by the template's hash.
    ///
    /// The newest comes first, so that what has become equal in another version of the platform
    /// restarts no Pod.
    public static String name(ExPodSet set, List<Revision> revisions) {
        JsonNode template = set.spec().template();
        String byHash = set.metadata().getName() + "-" + TemplateHash.of(template);
        List<Revision> newestFirst =
                revisions.stream()
                        .sorted(Comparator.comparingLong(Revision::number).reversed())
                        .toList();
        if (newestFirst.isEmpty() || newestFirst.getFirst().name().equals(byHash)) {
            return byHash;
        }
        return newestFirst.stream()
                .filter(revision -> TemplateHash.needsSamePods(revision.template(), template))
                .map(Revision::name)
                .findFirst()
                .orElse(byHash);
    }
}
