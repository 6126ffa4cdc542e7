package io.paas.wire;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The launcher's table of services as the text file it reads at its start. The first service is
/// the main one: its exit code becomes the container's.
public record ServicesFile(List<Service> services) {
    public static final int MAX_SERVICES = 8;
    public static final int MAX_ARGUMENTS = 128;
    public static final int MAX_ENTRIES = 128;
    public static final int MAX_STOP_STEPS = 8;
    public static final int MAX_LINE_BYTES = 8192;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Set<String> LIMITS =
            Set.of("nofile", "nproc", "core", "memlock", "stack", "fsize", "rtprio", "nice");

    public ServicesFile {
        services = services == null ? List.of() : List.copyOf(services);
        Require.that(
                !services.isEmpty() && services.size() <= MAX_SERVICES,
                "a services file has 1 to " + MAX_SERVICES + " services");
        Set<String> names = new HashSet<>();
        for (Service service : services) {
            Require.that(
                    names.add(service.name()), "service '" + service.name() + "' stands twice");
        }
    }

    /// One process that the launcher keeps.
    ///
    /// @param argv at least the program; `$(NAME)` is replaced by the launcher from the container's
    ///   environment and `$$` is one `$`
    /// @param env added to the container's environment, sorted by name in the file
    /// @param awaitVerdictMillis a process is ready only from its first good health verdict on, or
    ///   that long after its start if nobody judges it; null if it has no health check
    /// @param stop run in order until the process group is empty; the last step should be KILL
    /// @param signals received by the launcher to sent to the process; unlisted ones are forwarded
    ///   as they are
    /// @param rlimits name as in `limits.conf(5)` to value, both soft and hard
    public record Service(
            String name,
            List<String> argv,
            Map<String, String> env,
            @Nullable String cwd,
            RestartPolicy restart,
            @Nullable Backoff backoff,
            @Nullable StartLimit startLimit,
            @Nullable Integer awaitVerdictMillis,
            List<StopStep> stop,
            Map<String, String> signals,
            Map<String, Long> rlimits) {
        public Service {
            Require.present("service.name", name);
            Require.that(NAME.matcher(name).matches(), "'" + name + "' is no service name");
            argv = argv == null ? List.of() : List.copyOf(argv);
            env = env == null ? Map.of() : Map.copyOf(env);
            restart = restart == null ? RestartPolicy.ALWAYS : restart;
            stop = stop == null ? List.of() : List.copyOf(stop);
            signals = signals == null ? Map.of() : Map.copyOf(signals);
            rlimits = rlimits == null ? Map.of() : Map.copyOf(rlimits);
            Require.that(
                    !argv.isEmpty() && !argv.getFirst().isEmpty() && argv.size() <= MAX_ARGUMENTS,
                    name + ": argv needs 1 to " + MAX_ARGUMENTS + " entries");
            Require.within("awaitVerdictMillis", awaitVerdictMillis, 1, 3_600_000);
            Require.that(env.size() <= MAX_ENTRIES, name + ": too many env entries");
            Require.that(stop.size() <= MAX_STOP_STEPS, name + ": too many stop steps");
            for (String argument : argv) {
                checkLine(name, "argv", argument);
            }
            env.forEach(
                    (key, value) -> {
                        Require.that(
                                VARIABLE.matcher(key).matches(),
                                "env: '" + key + "' is no variable name");
                        checkLine(key, "env", key + "=" + value);
                    });
            if (cwd != null) {
                Require.that(cwd.startsWith("/"), name + ": cwd must be absolute");
                checkLine(name, "cwd", cwd);
            }
            signals.forEach(
                    (received, sent) -> {
                        Signals.check("signal", received);
                        Signals.check("signal", sent);
                    });
            for (String limit : rlimits.keySet()) {
                Require.that(LIMITS.contains(limit), "rlimit: unknown '" + limit + "'");
            }
        }

        private static void checkLine(String owner, String directive, String value) {
            Require.that(
                    value.chars().noneMatch(c -> c == '\n' || c == '\r' || c == 0),
                    owner + ": " + directive + " must not contain a line break or NUL");
            Require.that(
                    value.length() <= MAX_LINE_BYTES / 4,
                    owner + ": " + directive + " is longer than " + MAX_LINE_BYTES / 4);
        }
    }

    /// Wait before an automatic restart: the first one, doubled each time up to the maximum.
    public record Backoff(int initialMillis, int maxMillis) {
        public Backoff {
            Require.that(
                    initialMillis >= 0 && maxMillis >= initialMillis,
                    "backoff: 0 <= initial <= maximum");
        }
    }

    /// After `burst` starts within `seconds` the service is Failed and waits for a START.
    public record StartLimit(int burst, int seconds) {
        public StartLimit {
            Require.that(burst >= 1 && seconds >= 1, "start limit: both must be positive");
        }
    }

    /// Sends the signal to the process group, then waits at most that long for it to be empty.
    public record StopStep(String signal, long waitMillis) {
        public StopStep {
            Signals.check("stop", signal);
            Require.that(waitMillis >= 0, "stop: the wait must not be negative");
        }
    }

    /// The file's text; the same value always gives the same text.
    public String toText() {
        StringBuilder text = new StringBuilder();
        services.forEach(service -> append(text, service));
        return text.toString();
    }

    private static void append(StringBuilder text, Service service) {
        line(text, "service", service.name());
        service.argv().forEach(argument -> line(text, "argv", argument));
        new TreeMap<>(service.env()).forEach((key, value) -> line(text, "env", key + "=" + value));
        if (service.cwd() != null) {
            line(text, "cwd", service.cwd());
        }
        line(text, "restart", service.restart().word());
        if (service.backoff() != null) {
            Backoff backoff = service.backoff();
            line(text, "backoff-ms", backoff.initialMillis() + " " + backoff.maxMillis());
        }
        if (service.startLimit() != null) {
            StartLimit limit = service.startLimit();
            line(text, "start-limit", limit.burst() + " " + limit.seconds());
        }
        if (service.awaitVerdictMillis() != null) {
            line(text, "await-verdict-ms", String.valueOf(service.awaitVerdictMillis()));
        }
        service.stop().forEach(step -> line(text, "stop", step.signal() + " " + step.waitMillis()));
        new TreeMap<>(service.signals())
                .forEach((received, sent) -> line(text, "signal", received + " " + sent));
        new TreeMap<>(service.rlimits())
                .forEach((limit, value) -> line(text, "rlimit", limit + " " + value));
    }

    private static void line(StringBuilder text, String directive, String value) {
        text.append(directive).append(' ').append(value).append('\n');
    }
}
