package io.paas.test.conformance.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/// A Pod as it was at one moment.
record Pod(JsonNode object) {

    String name() {
        return object.at("/metadata/name").asText();
    }

    int ordinal() {
        return Integer.parseInt(name().substring(name().lastIndexOf('-') + 1));
    }

    String uid() {
        return object.at("/metadata/uid").asText();
    }

    String label(String key) {
        return object.at("/metadata/labels").path(key).asText();
    }

    String revision() {
        return label("controller-revision-hash");
    }

    String image() {
        return object.at("/spec/containers/0/image").asText();
    }

    /// The claims that its volumes use.
    List<String> claims() {
        return StreamSupport.stream(object.at("/spec/volumes").spliterator(), false)
                .map(volume -> volume.at("/persistentVolumeClaim/claimName").asText())
                .filter(claim -> !claim.isEmpty())
                .toList();
    }

    /// The reference of the owner that controls it; missing when there is none.
    JsonNode controller() {
        return StreamSupport.stream(object.at("/metadata/ownerReferences").spliterator(), false)
                .filter(owner -> owner.path("controller").asBoolean())
                .findFirst()
                .orElse(object.at("/none"));
    }

    boolean isRunning() {
        return object.at("/status/phase").asText().equals("Running");
    }

    boolean isPending() {
        return object.at("/status/phase").asText("Pending").equals("Pending");
    }

    boolean isTerminating() {
        return object.at("/metadata").has("deletionTimestamp");
    }

    boolean isReady() {
        return isRunning()
                && !isTerminating()
                && StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
                        .anyMatch(
                                condition ->
                                        condition.path("type").asText().equals("Ready")
                                                && condition
                                                        .path("status")
                                                        .asText()
                                                        .equals("True"));
    }

    @Override
    public String toString() {
        String state = object.at("/status/phase").asText();
        return name()
                + " "
                + (isTerminating() ? "Terminating" : isReady() ? "Ready" : state)
                + " "
                + image()
                + " "
                + revision();
    }
}
