package io.paas.test.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Writes down what the cluster looked like when a test failed, and how long each class took.
final class StateKeeper
        implements BeforeAllCallback,
                AfterAllCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {

    private static final ExtensionContext.Namespace OWN =
            ExtensionContext.Namespace.create(StateKeeper.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        Platform.requireInstalled();
        context.getStore(OWN).put("begin", Instant.now());
        context.getRoot()
                .getStore(OWN)
                .computeIfAbsent(
                        "shared", key -> (AutoCloseable) Shared::close, AutoCloseable.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        var begin = context.getStore(OWN).get("begin", Instant.class);
        Figures.note(
                context.getRequiredTestClass().getSimpleName() + " as a whole",
                Await.elapsed(begin));
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        dump(context);
        throw failure;
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        dump(context);
        throw failure;
    }

    private static void dump(ExtensionContext context) {
        var name = context.getRequiredTestClass().getSimpleName();
        var method = context.getTestMethod().map(m -> "." + m.getName()).orElse("");
        var folder = Path.of("target", "e2e-logs", name + method);
        var admin = Kubectl.admin();
        try {
            Files.createDirectories(folder);
            write(
                    folder,
                    "objects.txt",
                    admin,
                    "get",
                    "mwc,eps,mwop,pods,pvc,endpointslices",
                    "-A",
                    "-o",
                    "wide");
            write(folder, "middleware.yaml", admin, "get", "mwc,eps,mwop", "-A", "-o", "yaml");
            write(folder, "catalog.yaml", admin, "get", "mwext,mwcat,apiservice", "-o", "yaml");
            write(folder, "events.txt", admin, "get", "events", "-A", "--sort-by=.lastTimestamp");
            for (var pod : pods(admin)) {
                for (var more : List.of("", "--previous")) {
                    var file = pod.replace('/', '.') + (more.isEmpty() ? "" : ".previous") + ".log";
                    var at = pod.split("/", 2);
                    var call =
                            List.of("logs", "-n", at[0], at[1], "--all-containers", "--prefix")
                                    .toArray(String[]::new);
                    write(folder, file, admin, more.isEmpty() ? call : with(call, more));
                }
            }
        } catch (IOException | AssertionError e) {
            System.err.println("the state could not be written to " + folder + ": " + e);
        }
    }

    private static String[] with(String[] call, String more) {
        var longer = java.util.Arrays.copyOf(call, call.length + 1);
        longer[call.length] = more;
        return longer;
    }

    /// The platform's and the tests' Pods as `namespace/name`.
    private static List<String> pods(Kubectl admin) {
        return Pods.elements(admin.json("get", "pods", "-A").path("items"))
                .filter(
                        pod ->
                                pod.at("/metadata/namespace")
                                        .asText()
                                        .matches("middleware-system|e2e-.*"))
                .map(pod -> pod.at("/metadata/namespace").asText() + "/" + Pods.name(pod))
                .toList();
    }

    private static void write(Path folder, String file, Kubectl admin, String... call)
            throws IOException {
        var result = admin.run(call);
        if (result.ok() || !file.endsWith(".previous.log")) {
            Files.writeString(folder.resolve(file), result.ok() ? result.out() : result + "\n");
        }
    }
}
