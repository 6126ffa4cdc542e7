package io.paas.api.extension;

import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.custom.QuantityFormatException;
import io.paas.api.extension.ExtensionPackage.Endpoint;
import io.paas.api.extension.ExtensionPackage.ExtraGroup;
import io.paas.api.extension.ExtensionPackage.Group;
import io.paas.api.extension.ExtensionPackage.Hooks;
import io.paas.api.extension.ExtensionPackage.MainProcess;
import io.paas.api.extension.ExtensionPackage.MiddlewareVersion;
import io.paas.api.extension.ExtensionPackage.OwnPodKeys;
import io.paas.api.extension.ExtensionPackage.Parameter;
import io.paas.api.extension.ExtensionPackage.Port;
import io.paas.api.extension.ExtensionPackage.PostScaleOut;
import io.paas.api.extension.ExtensionPackage.PreScaleIn;
import io.paas.api.extension.ExtensionPackage.RestartOrder;
import io.paas.api.extension.ExtensionPackage.StaticGroup;
import io.paas.api.extension.ExtensionPackage.StopStep;
import io.paas.api.extension.ExtensionPackage.Topology;
import io.paas.api.extension.ExtensionPackage.Unit;
import io.paas.api.extension.ExtensionPackage.UpgradePath;
import io.paas.api.extension.ExtensionPackage.VolumeClaim;
import io.paas.api.v1.ExPodSet;
import io.paas.api.v1.ExPodSet.OnFailure;
import io.paas.api.v1.ExtensionCatalog.ParameterType;
import io.paas.wire.RestartPolicy;
import io.paas.wire.Signals;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads `extension.yaml`, field by field. What fields say of each other is [References]' part.
final class ManifestReader {

    private static final Pattern LABEL = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final String LABEL_RULE =
            "lower-case letters, digits and '-', begin with a letter, at most 63";

    // As the CRD: Pods are named <cluster of 40>-<group>-<ordinal>.
    private static final Pattern SHORT = Pattern.compile("[a-z]([-a-z0-9]{0,18}[a-z0-9])?");
    private static final String SHORT_RULE =
            "lower-case letters, digits and '-', begin with a letter, at most 20";

    // IANA_SVC_NAME of RFC 6335, as ports of containers and Services.
    private static final Pattern PORT = Pattern.compile("[a-z]([-a-z0-9]{0,13}[a-z0-9])?");
    private static final String PORT_RULE =
            "lower-case letters, digits and '-', begin with a letter, at most 15";

    private static final Pattern VERSION = Pattern.compile("[0-9a-z]([-.0-9a-z]{0,30}[0-9a-z])?");
    private static final String VERSION_RULE =
            "lower-case letters, digits, '.' and '-', at most 32, because objects are named after it";

    private static final Pattern WORD =
            Pattern.compile("[A-Za-z]([-_A-Za-z0-9]{0,61}[A-Za-z0-9])?");
    private static final String WORD_RULE = "letters, digits, '-' and '_', at most 63";

    private static final Pattern PATH = Pattern.compile("/[^:\\s]+");
    private static final Pattern IMAGE = Pattern.compile("[^\\s$]+");

    private static final Map<String, RestartPolicy> RESTART =
            Map.of(
                    "Always", RestartPolicy.ALWAYS,
                    "OnFailure", RestartPolicy.ON_FAILURE,
                    "Never", RestartPolicy.NEVER);
    private static final Map<String, ParameterType> TYPES =
            Map.of(
                    "integer", ParameterType.INTEGER,
                    "string", ParameterType.STRING,
                    "boolean", ParameterType.BOOLEAN);
    private static final Map<String, OnFailure> ON_FAILURE =
            Map.of("Pause", OnFailure.PAUSE, "Abort", OnFailure.ABORT);
    private static final Map<String, ExPodSet.OnLeaveFailure> ON_LEAVE_FAILURE =
            Map.of(
                    "Pause", ExPodSet.OnLeaveFailure.PAUSE,
                    "Proceed", ExPodSet.OnLeaveFailure.PROCEED);
    private static final Map<String, ExPodSet.OnOrderFailure> ON_ORDER_FAILURE =
            Map.of(
                    "Pause", ExPodSet.OnOrderFailure.PAUSE,
                    "Roles", ExPodSet.OnOrderFailure.ROLES);

    /// The agent's process: both launchers keep the desired state in one volume, by name.
    private static final String AGENT = "agent";

    private ManifestReader() {}

    static ExtensionPackage read(FieldReader in) {
        OwnPodKeys noKeys = new OwnPodKeys(List.of(), List.of());
        Hooks noHooks = new Hooks(null, null, null);
        ExtensionPackage result =
                new ExtensionPackage(
                        in.name("type", LABEL, LABEL_RULE),
                        in.name("version", VERSION, VERSION_RULE),
                        Objects.requireNonNullElse(in.optionalString("displayName"), ""),
                        Objects.requireNonNullElse(in.optionalString("description"), ""),
                        in.name("lifecycleImage", IMAGE, "an image reference"),
                        in.someOf("middlewareVersions", ManifestReader::middlewareVersion),
                        in.set("upgradableFrom"),
                        in.list("upgradePaths", ManifestReader::upgradePath),
                        in.set("roles"),
                        in.someOf("topologies", ManifestReader::topology),
                        in.someOf("staticGroups", ManifestReader::staticGroup),
                        in.list("endpoints", ManifestReader::endpoint),
                        Objects.requireNonNullElse(
                                in.optional("ownPodKeys", ManifestReader::ownPodKeys), noKeys),
                        Objects.requireNonNullElse(
                                in.optional("hooks", ManifestReader::hooks), noHooks),
                        Map.of(),
                        Map.of());
        in.end();
        return result;
    }

    private static MiddlewareVersion middlewareVersion(FieldReader in) {
        MiddlewareVersion version =
                new MiddlewareVersion(in.name("version", VERSION, VERSION_RULE), in.map("images"));
        version.images()
                .forEach(
                        (name, image) -> {
                            if (!WORD.matcher(name).matches()) {
                                in.wrong("images", "'" + name + "' must be " + WORD_RULE);
                            }
                            if (!IMAGE.matcher(image).matches()) {
                                in.wrong("images." + name, "must be an image reference");
                            }
                        });
        return version;
    }

    private static UpgradePath upgradePath(FieldReader in) {
        return new UpgradePath(in.string("from"), in.string("to"), in.bool("reversible"));
    }

    private static Topology topology(FieldReader in) {
        return new Topology(
                in.name("name", LABEL, LABEL_RULE),
                Objects.requireNonNullElse(in.optionalString("description"), ""),
                in.list("parameters", ManifestReader::parameter),
                in.someOf("groups", ManifestReader::group),
                in.list("extraGroups", ManifestReader::extraGroup));
    }

    private static Parameter parameter(FieldReader in) {
        Parameter parameter =
                new Parameter(
                        in.name("name", WORD, WORD_RULE),
                        Objects.requireNonNullElse(
                                in.choice("type", TYPES, null), ParameterType.STRING),
                        Objects.requireNonNullElse(in.scalar("default"), ""),
                        in.optionalInteger("minimum", Integer.MIN_VALUE, Integer.MAX_VALUE),
                        in.optionalInteger("maximum", Integer.MIN_VALUE, Integer.MAX_VALUE),
                        Objects.requireNonNullElse(in.optionalString("description"), ""));
        String problem = Parameters.problem(parameter, parameter.defaultValue());
        if (problem != null) {
            in.wrong("default", problem);
        }
        if (parameter.type() != ParameterType.INTEGER
                && (parameter.minimum() != null || parameter.maximum() != null)) {
            in.wrong("type", "only an integer has minimum and maximum");
        }
        return parameter;
    }

    private static Group group(FieldReader in) {
        return new Group(in.name("name", SHORT, SHORT_RULE), in.string("staticGroup"), unitOf(in));
    }

    private static ExtraGroup extraGroup(FieldReader in) {
        return new ExtraGroup(in.string("staticGroup"), unitOf(in));
    }

    private static Unit unitOf(FieldReader in) {
        Unit one = new Unit("pod", null, 1, 1000, 1);
        return Objects.requireNonNullElse(in.optional("unit", ManifestReader::unit), one);
    }

    private static Unit unit(FieldReader in) {
        Unit unit =
                new Unit(
                        in.name("name", WORD, WORD_RULE),
                        in.optionalString("parameter"),
                        in.integer("minimum", 0, 1000, 1),
                        in.integer("maximum", 1, 1000, 1000),
                        in.integer("default", 0, 1000, null));
        if (unit.minimum() > unit.maximum()) {
            in.wrong("minimum", unit.minimum() + " is above the maximum " + unit.maximum());
        } else if (unit.defaultUnits() < unit.minimum() || unit.defaultUnits() > unit.maximum()) {
            in.wrong(
                    "default",
                    "must be "
                            + unit.minimum()
                            + " to "
                            + unit.maximum()
                            + ", not "
                            + unit.defaultUnits());
        }
        return unit;
    }

    private static StaticGroup staticGroup(FieldReader in) {
        String name = in.name("name", SHORT, SHORT_RULE);
        MainProcess process = in.optional("process", ManifestReader::process);
        if (process == null) {
            in.missing("process");
            process =
                    new MainProcess(
                            "", List.of(), Map.of(), null, RestartPolicy.ALWAYS, false, List.of());
        }
        return new StaticGroup(
                name,
                process,
                in.list("ports", ManifestReader::port),
                in.list("volumeClaims", ManifestReader::volumeClaim));
    }

    private static MainProcess process(FieldReader in) {
        MainProcess process =
                new MainProcess(
                        in.string("name"),
                        in.strings("argv"),
                        in.map("env"),
                        in.optionalString("cwd"),
                        Objects.requireNonNullElse(
                                in.choice("restart", RESTART, RestartPolicy.ALWAYS),
                                RestartPolicy.ALWAYS),
                        in.bool("healthCheck"),
                        in.list("stop", ManifestReader::stopStep));
        if (process.name().equals(AGENT)) {
            in.wrong("name", "'" + AGENT + "' is the platform's own process in every Pod");
        }
        try {
            process.services();
        } catch (IllegalArgumentException e) {
            String message = e.getMessage();
            // An unknown signal has a line of its own already.
            if (message != null && !message.contains("unknown signal")) {
                in.wrong("name", "the launcher cannot run it: " + message);
            }
        }
        return process;
    }

    private static StopStep stopStep(FieldReader in) {
        StopStep step =
                new StopStep(in.string("signal"), in.integer("timeoutSeconds", 0, 86_400, 0));
        if (!Signals.NAMES.contains(step.signal())) {
            in.wrong(
                    "signal",
                    "'"
                            + step.signal()
                            + "' is unknown; "
                            + Problems.allowed(new TreeSet<>(Signals.NAMES)));
        }
        return step;
    }

    private static Port port(FieldReader in) {
        return new Port(in.name("name", PORT, PORT_RULE), in.integer("port", 1, 65_535, null));
    }

    private static VolumeClaim volumeClaim(FieldReader in) {
        VolumeClaim claim =
                new VolumeClaim(
                        in.name("name", SHORT, SHORT_RULE),
                        in.name("mountPath", PATH, "an absolute path"),
                        in.string("defaultSize"));
        try {
            if (Quantity.fromString(claim.defaultSize()).getNumber().compareTo(BigDecimal.ZERO)
                    <= 0) {
                in.wrong("defaultSize", "must be greater than 0");
            }
        } catch (QuantityFormatException _) {
            in.wrong(
                    "defaultSize",
                    "'" + claim.defaultSize() + "' is no quantity, as for example 10Gi");
        }
        return claim;
    }

    private static Endpoint endpoint(FieldReader in) {
        return new Endpoint(
                in.name("name", PORT, PORT_RULE), in.string("group"), in.string("port"));
    }

    private static OwnPodKeys ownPodKeys(FieldReader in) {
        return new OwnPodKeys(in.set("labels"), in.set("annotations"));
    }

    private static Hooks hooks(FieldReader in) {
        return new Hooks(
                in.optional("postScaleOut", ManifestReader::postScaleOut),
                in.optional("preScaleIn", ManifestReader::preScaleIn),
                in.optional("restartOrder", ManifestReader::restartOrder));
    }

    private static PostScaleOut postScaleOut(FieldReader in) {
        return new PostScaleOut(
                in.integer("timeoutSeconds", 1, 3600, 60),
                in.integer("retries", 0, 100, 3),
                in.integer("retryIntervalSeconds", 1, 300, 5),
                Objects.requireNonNullElse(
                        in.choice("onFailure", ON_FAILURE, OnFailure.PAUSE), OnFailure.PAUSE));
    }

    private static PreScaleIn preScaleIn(FieldReader in) {
        return new PreScaleIn(
                in.integer("timeoutSeconds", 1, 3600, 60),
                in.integer("retries", 0, 100, 3),
                in.integer("retryIntervalSeconds", 1, 300, 5),
                in.integer("deadlineSeconds", 1, 86_400, 600),
                Objects.requireNonNullElse(
                        in.choice("onFailure", ON_LEAVE_FAILURE, ExPodSet.OnLeaveFailure.PAUSE),
                        ExPodSet.OnLeaveFailure.PAUSE));
    }

    private static RestartOrder restartOrder(FieldReader in) {
        return new RestartOrder(
                in.integer("timeoutSeconds", 1, 60, 10),
                Objects.requireNonNullElse(
                        in.choice("onFailure", ON_ORDER_FAILURE, ExPodSet.OnOrderFailure.PAUSE),
                        ExPodSet.OnOrderFailure.PAUSE));
    }
}
