package io.paas.api.extension;

import io.paas.api.extension.ExtensionPackage.Parameter;
import io.paas.api.extension.ExtensionPackage.Topology;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What values a topology's parameters may have.
public final class Parameters {

    private Parameters() {}

    /// Why the value does not fit; null when it does.
    public static @Nullable String problem(Parameter parameter, String value) {
        return switch (parameter.type()) {
            case STRING -> null;
            case BOOLEAN ->
                    value.equals("true") || value.equals("false")
                            ? null
                            : "must be true or false, not '" + value + "'";
            case INTEGER -> integerProblem(parameter, value);
        };
    }

    private static @Nullable String integerProblem(Parameter parameter, String value) {
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException _) {
            return "must be an integer, not '" + value + "'";
        }
        if (parameter.minimum() != null && number < parameter.minimum()) {
            return "must be at least " + parameter.minimum() + ", not " + number;
        }
        if (parameter.maximum() != null && number > parameter.maximum()) {
            return "must be at most " + parameter.maximum() + ", not " + number;
        }
        return null;
    }

    /// The given values over the topology's defaults.
    public static Map<String, String> effective(Topology topology, Map<String, String> given) {
        Map<String, String> values = new TreeMap<>();
        topology.parameters().forEach(p -> values.put(p.name(), p.defaultValue()));
        values.putAll(given);
        return values;
    }
}
