package io.paas.apiserver.request;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A media type or a clause of an Accept header.
///
/// @param type lower case, for example `application/json`
/// @param parameters lower-case names, without `q`
public record MediaType(String type, Map<String, String> parameters, double quality) {

    public MediaType {
        parameters = Map.copyOf(parameters);
    }

    public static MediaType of(String text) {
        String[] parts = text.split(";", -1);
        Map<String, String> parameters = new TreeMap<>();
        double quality = 1;
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 0) {
                continue;
            }
            String name = parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String value = unquoted(parts[i].substring(equals + 1).strip());
            if (name.equals("q")) {
                quality = quality(value);
            } else {
                parameters.put(name, value);
            }
        }
        return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), parameters, quality);
    }

    /// The clauses of Accept headers, best first; equal ones in the order in which they came. No
    /// header means anything.
    public static List<MediaType> accepted(List<String> headers) {
        List<MediaType> clauses = new ArrayList<>();
        for (String header : headers) {
            for (String clause : header.split(",", -1)) {
                if (!clause.isBlank()) {
                    clauses.add(of(clause));
                }
            }
        }
        if (clauses.isEmpty()) {
            clauses.add(of("*/*"));
        }
        clauses.removeIf(clause -> clause.quality() <= 0);
        clauses.sort(Comparator.comparingDouble((MediaType clause) -> -clause.quality()));
        return List.copyOf(clauses);
    }

    public boolean covers(String other) {
        int slash = other.indexOf('/');
        return type.equals("*/*")
                || type.equals(other)
                || type.equals(other.substring(0, slash) + "/*");
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /// Whether the clause asks for another representation of the object, such as a Table.
    public boolean isConverted() {
        return parameters.containsKey("as");
    }

    private static double quality(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
