package io.paas.test.bench;

import io.paas.apiserver.ApiServerMain;
import io.paas.controllers.ControllersMain;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Starts the platform's processes as their images do.
final class Programs {

    private static final Pattern JVM_FLAG = Pattern.compile("<jvmFlag>([^<]+)</jvmFlag>");
    private static final Pattern MEMORY = Pattern.compile("limits: \\{memory: (\\d+)Mi}");

    private Programs() {}

    static Daemon controllers(Plane plane, List<String> arguments) {
        return java(
                "controllers",
                ControllersMain.class,
                arguments,
                Map.of(
                        "KUBECONFIG",
                        Account.CONTROLLERS.login(plane.server(), plane.folder()).toString(),
                        "POD_NAME",
                        "bench-0",
                        "POD_NAMESPACE",
                        "middleware-system",
                        "HTTP_PORT",
                        "" + freePort()),
                plane.folder());
    }

    /// With the certificate of the plane's kube-apiserver; there is no aggregation.
    static Daemon apiServer(Plane plane, int port) {
        Path certificates = plane.server().kubeconfig().resolveSibling("certificates");
        return java(
                "apiserver",
                ApiServerMain.class,
                List.of(),
                Map.of(
                        "KUBECONFIG",
                        Account.API_SERVER.login(plane.server(), plane.folder()).toString(),
                        "POD_NAME",
                        "bench-1",
                        "MIDDLEWARE_APISERVER_HOST",
                        "127.0.0.1",
                        "MIDDLEWARE_APISERVER_PORT",
                        "" + port,
                        "MIDDLEWARE_APISERVER_TLS_CERTIFICATE",
                        certificates.resolve("apiserver.crt").toString(),
                        "MIDDLEWARE_APISERVER_TLS_KEY",
                        certificates.resolve("apiserver.key").toString()),
                plane.folder());
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The JVM's flags are those of the image, and its memory that of the container's limit.
    private static Daemon java(
            String module,
            Class<?> main,
            List<String> arguments,
            Map<String, String> environment,
            Path folder) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(all(JVM_FLAG, Path.of("..", module, "pom.xml")));
        Path deployment = Path.of("../apiservice-manifests/deploy", module + ".yaml");
        command.add("-XX:MaxRAM=" + all(MEMORY, deployment).getFirst() + "m");
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(arguments);
        return new Daemon(command, environment, folder.resolve(module + ".log"));
    }

    private static List<String> all(Pattern pattern, Path file) {
        try {
            List<String> found =
                    pattern.matcher(Files.readString(file)).results().map(m -> m.group(1)).toList();
            if (found.isEmpty()) {
                throw new IllegalStateException(file + " has no " + pattern);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Without this module's own classes, which have a logging configuration for tests.
    private static String classPath() {
        String own = Path.of("target").toAbsolutePath() + File.separator;
        String whole =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return String.join(
                File.pathSeparator,
                Arrays.stream(whole.split(Pattern.quote(File.pathSeparator)))
                        .filter(entry -> !entry.startsWith(own))
                        .toList());
    }
}
