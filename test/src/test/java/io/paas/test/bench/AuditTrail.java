package io.paas.test.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// kube-apiserver's own record of what the contestants asked of it.
final class AuditTrail {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> READS = Set.of("get", "list", "watch");
    private static final Duration NEVER = Duration.ofDays(1);

    /// One answered request.
    ///
    /// @param resource plural, with the subresource: `pods/status`
    record Request(String user, String verb, String resource, int code, Instant at) {

        boolean isWrite() {
            return !READS.contains(verb);
        }

        boolean isEvent() {
            return resource.equals("events");
        }

        boolean isLease() {
            return resource.equals("leases");
        }

        /// A write for the sets' sake: no Event, no Lease.
        boolean isOwnWrite() {
            return isWrite() && !isEvent() && !isLease();
        }
    }

    private final Path log;
    private long read;
    private List<Request> requests = new ArrayList<>();

    AuditTrail(Path log) {
        this.log = log;
    }

    /// @param users whose requests are recorded; everybody else's would cost time and space
    static String policy(List<String> users) {
        return """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived, ResponseStarted]
        rules:
        - level: Metadata
          users: [%s]
        - level: None
        """
                .formatted(
                        users.stream()
                                .map(user -> '"' + user + '"')
                                .collect(Collectors.joining(", ")));
    }

    /// Forgets what was read so far, so that [#since] begins here.
    synchronized void mark() {
        catchUp();
        requests = new ArrayList<>();
    }

    /// What that user asked since the mark.
    synchronized Traffic since(String user) {
        catchUp();
        return new Traffic(requests.stream().filter(r -> r.user().equals(user)).toList());
    }

    /// Waits until that user has written nothing of its own for so long.
    void awaitQuiet(String user, Duration quiet, Duration limit) throws InterruptedException {
        Instant begin = Instant.now();
        Await.until(
                user + " to write nothing for " + quiet,
                limit,
                () ->
                        Duration.between(begin, Instant.now()).compareTo(quiet) > 0
                                && sinceLastWrite(user).compareTo(quiet) > 0);
    }

    private Duration sinceLastWrite(String user) {
        return since(user)
                .lastOwnWrite()
                .map(last -> Duration.between(last, Instant.now()))
                .orElse(NEVER);
    }

    private void catchUp() {
        if (!Files.exists(log)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(log)) {
            channel.position(read);
            String text =
                    new String(
                            Channels.newInputStream(channel).readAllBytes(),
                            StandardCharsets.UTF_8);
            // The last line may be half written.
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            read += whole.getBytes(StandardCharsets.UTF_8).length;
            whole.lines().map(AuditTrail::parse).forEach(requests::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Request parse(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            JsonNode object = event.path("objectRef");
            String subresource = object.path("subresource").asText("");
            return new Request(
                    event.at("/user/username").asText(),
                    event.path("verb").asText(),
                    object.path("resource").asText("")
                            + (subresource.isEmpty() ? "" : "/" + subresource),
                    event.at("/responseStatus/code").asInt(),
                    Instant.parse(event.path("stageTimestamp").asText()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(line, e);
        }
    }
}
