package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.apiserver.kinds.ProcessResult;
import io.paas.apiserver.kinds.ProcessStatus;
import io.paas.apiserver.request.Trees;
import io.paas.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// An agent's words as this API's kinds. Enums keep the spelling that they have on the wire.
final class WireAnswers {

    private WireAnswers() {}

    static ProcessStatus status(String pod, io.paas.wire.ProcessStatus status) {
        JsonNode wire = tree(status);
        return new ProcessStatus(
                pod,
                status.name(),
                wire.path("state").asText(),
                wire.path("desiredState").asText(),
                status.pid(),
                status.startedAt(),
                status.restarts(),
                present(wire, "lastExit"),
                status.ready(),
                status.role(),
                present(wire, "change"),
                status.launcherVersion());
    }

    static ProcessResult result(String pod, io.paas.wire.ProcessResult result) {
        JsonNode wire = tree(result);
        return new ProcessResult(
                pod,
                result.changeId(),
                result.verb().word(),
                result.oldPid(),
                result.newPid(),
                result.durationMillis(),
                wire.path("state").asText(),
                wire.path("processState").textValue(),
                result.message());
    }

    private static @Nullable JsonNode present(JsonNode tree, String field) {
        return tree.hasNonNull(field) ? tree.get(field) : null;
    }

    private static JsonNode tree(Record wire) {
        try {
            return Trees.parse(Json.writeBytes(wire));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
