package io.paas.test.support;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// kube-apiserver's own record of the writes it was asked for: who, what, when, with what outcome.
public final class AuditLog {

    private static final String POLICY =
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
              - level: Metadata
                verbs: [create, update, patch, delete, deletecollection]
              - level: None
            """;

    private final Path policy;
    private final Path log;

    /// One request.
    ///
    /// @param resource plural, with the subresource: `pods/status`
    /// @param name empty where the server made it
    public record Entry(
            String user, String verb, String resource, String name, int code, Instant answered) {

        public boolean isEffective() {
            return code >= 200 && code < 300;
        }

        @Override
        public String toString() {
            return "%s %s %s %s: %d".formatted(answered, verb, resource, name, code);
        }
    }

    /// A log in that folder; hand [#flags()] to [KubeApiServer#start].
    public AuditLog(Path folder) {
        policy = folder.resolve("audit-policy.yaml");
        log = folder.resolve("audit.log");
        try {
            Files.writeString(policy, POLICY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String[] flags() {
        return new String[] {
            "--audit-policy-file=" + policy,
            "--audit-log-path=" + log,
            // The entry is there before the client has its answer.
            "--audit-log-mode=blocking-strict"
        };
    }

    /// Everything so far, in the order of the answers.
    public List<Entry> entries() {
        try (Stream<String> lines = Files.exists(log) ? Files.lines(log) : Stream.empty()) {
            // The last line may be half written.
            return lines.filter(line -> line.endsWith("}")).map(AuditLog::entry).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry entry(String line) {
        JsonObject event = JsonParser.parseString(line).getAsJsonObject();
        JsonObject object = event.getAsJsonObject("objectRef");
        String subresource = text(object, "subresource");
        return new Entry(
                text(event.getAsJsonObject("user"), "username"),
                text(event, "verb"),
                text(object, "resource") + (subresource.isEmpty() ? "" : "/" + subresource),
                text(object, "name"),
                event.getAsJsonObject("responseStatus").get("code").getAsInt(),
                Instant.parse(text(event, "stageTimestamp")));
    }

    private static String text(JsonObject json, String name) {
        return json != null && json.has(name) ? json.get(name).getAsString() : "";
    }
}
