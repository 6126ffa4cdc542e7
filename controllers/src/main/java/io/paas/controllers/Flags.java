package io.paas.controllers;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// `--name=value` arguments. What is wrong with one is said with its name.
final class Flags {

    private final Map<String, String> values = new TreeMap<>();

    /// Takes the arguments apart.
    ///
    /// @param known every flag there is, without the dashes
    Flags(String[] arguments, List<String> known) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException(
                        "'" + argument + "' is no flag: write --name=value");
            }
            String name = argument.substring(2, equals);
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "--" + name + " does not exist; there are --" + String.join(", --", known));
            }
            if (values.put(name, argument.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("--" + name + " is given twice");
            }
        }
    }

    /// The flag's value, else what holds without it.
    ///
    /// @param parse throws IllegalArgumentException with what is allowed
    <T> T get(String name, T otherwise, Function<String, T> parse) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--" + name + ": '" + value + "': " + e.getMessage(), e);
        }
    }

    static List<String> commaSeparated(String value) {
        return Stream.of(value.split(",", -1)).map(String::strip).toList();
    }
}
