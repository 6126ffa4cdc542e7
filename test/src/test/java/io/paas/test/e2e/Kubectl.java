package io.paas.test.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs kubectl as one user, with an argument vector and never through a shell.
///
/// @param namespace the namespace of every call; unset means the kubeconfig's
record Kubectl(String binary, Path kubeconfig, @Nullable String namespace) {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What a call said and how it ended.
    record Result(List<String> call, int exitCode, String out, String err) {
        boolean ok() {
            return exitCode == 0;
        }

        JsonNode json() {
            return parse(out);
        }

        @Override
        public String toString() {
            return String.join(" ", call) + "\n  exit " + exitCode + "\n" + out + err;
        }
    }

    /// The administrator of the instance that `KUBECONFIG` names.
    static Kubectl admin() {
        var kubeconfig = System.getenv("KUBECONFIG");
        if (kubeconfig == null || !Files.isReadable(Path.of(kubeconfig))) {
            throw new AssertionError(
                    "KUBECONFIG must name one kubeconfig of a cluster with the platform; it is "
                            + kubeconfig
                            + ". Use make test-e2e.");
        }
        var binary = System.getenv().getOrDefault("KUBECTL", "kubectl");
        return new Kubectl(binary, Path.of(kubeconfig), null);
    }

    Kubectl in(String otherNamespace) {
        return new Kubectl(binary, kubeconfig, otherNamespace);
    }

    Kubectl as(Path otherKubeconfig) {
        return new Kubectl(binary, otherKubeconfig, namespace);
    }

    /// Runs it, whatever the outcome.
    Result run(String... arguments) {
        return input("", arguments);
    }

    /// Runs it; anything but exit code 0 fails the test.
    String must(String... arguments) {
        return mustInput("", arguments);
    }

    String mustInput(String input, String... arguments) {
        var result = input(input, arguments);
        if (!result.ok()) {
            throw new AssertionError("kubectl failed: " + result);
        }
        return result.out();
    }

    JsonNode json(String... arguments) {
        return parse(must(withJson(arguments)));
    }

    /// Null if there is no such object.
    @Nullable JsonNode find(String... arguments) {
        var out = must(plus(withJson(arguments), "--ignore-not-found"));
        return out.isBlank() ? null : parse(out);
    }

    Result input(String input, String... arguments) {
        var call = call(arguments);
        try {
            var out = Files.createTempFile("kubectl", ".out");
            var err = Files.createTempFile("kubectl", ".err");
            try {
                var process =
                        new ProcessBuilder(call)
                                .redirectOutput(out.toFile())
                                .redirectError(err.toFile())
                                .start();
                try (var stdin = process.getOutputStream()) {
                    stdin.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException ended) {
                    // It refused its arguments before it read; its exit code says so.
                }
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("no end within " + LIMIT + ": " + call);
                }
                return new Result(
                        call, process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", call), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + call, e);
        }
    }

    /// Starts it with its output going to a file; the caller ends it.
    Process start(Path output, String... arguments) {
        try {
            return new ProcessBuilder(call(arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts it with its output and errors on one pipe.
    Process open(String... arguments) {
        try {
            return new ProcessBuilder(call(arguments)).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + json, e);
        }
    }

    private List<String> call(String... arguments) {
        var call = new ArrayList<String>();
        call.add(binary);
        call.add("--kubeconfig=" + kubeconfig);
        if (namespace != null) {
            call.add("--namespace=" + namespace);
        }
        call.addAll(List.of(arguments));
        return call;
    }

    private static String[] withJson(String... arguments) {
        return plus(arguments, "--output=json");
    }

    private static String[] plus(String[] arguments, String more) {
        var all = new ArrayList<>(List.of(arguments));
        all.add(more);
        return all.toArray(String[]::new);
    }
}
