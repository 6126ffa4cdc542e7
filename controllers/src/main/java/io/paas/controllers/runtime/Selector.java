package io.paas.controllers.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A label selector as `kubectl -l` takes it, for labels that are at hand; kube-apiserver gets its
/// text.
///
/// @param requirements all of which must hold; empty for everything
public record Selector(String text, List<Requirement> requirements) {

    public static final Selector EVERYTHING = new Selector("", List.of());

    /// What one label must be.
    ///
    /// @param values empty when only its presence counts
    /// @param negated then a label that is not there is right, too
    record Requirement(String key, Set<String> values, boolean negated) {

        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            boolean isThere = value != null && (values.isEmpty() || values.contains(value));
            return isThere != negated;
        }
    }

    private static final String KEY = "([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?";
    private static final String VALUE = "([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?";
    private static final Pattern PRESENCE = Pattern.compile("(?<not>!?)\\s*(?<key>" + KEY + ")");
    private static final Pattern EQUALITY =
            Pattern.compile("(?<key>" + KEY + ")\\s*(?<op>==?|!=)\\s*(?<value>" + VALUE + ")");
    private static final Pattern MEMBERSHIP =
            Pattern.compile(
                    "(?<key>" + KEY + ")\\s+(?<op>in|notin)\\s*\\(\\s*(?<values>[^()]+?)\\s*\\)");
    // Commas between requirements, not those in parentheses.
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    /// Takes the text apart.
    ///
    /// @throws IllegalArgumentException with the part that is wrong and what is allowed
    public static Selector parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : COMMA.split(text, -1)) {
            requirements.add(requirement(part.strip()));
        }
        return new Selector(text, requirements);
    }

    public boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holds(labels));
    }

    public boolean isEverything() {
        return requirements.isEmpty();
    }

    private static Requirement requirement(String part) {
        Matcher m = EQUALITY.matcher(part);
        if (m.matches()) {
            return new Requirement(
                    m.group("key"), Set.of(m.group("value")), m.group("op").equals("!="));
        }
        m = MEMBERSHIP.matcher(part);
        if (m.matches()) {
            Set<String> values =
                    Stream.of(m.group("values").split(",", -1))
                            .map(String::strip)
                            .collect(Collectors.toUnmodifiableSet());
            if (values.stream().allMatch(value -> value.matches(VALUE))) {
                return new Requirement(m.group("key"), values, m.group("op").equals("notin"));
            }
        }
        m = PRESENCE.matcher(part);
        if (m.matches()) {
            return new Requirement(m.group("key"), Set.of(), !m.group("not").isEmpty());
        }
        throw new IllegalArgumentException(
                "cannot read '"
                        + part
                        + "'; write key=value, key!=value, key in (a,b), key notin (a,b), key or"
                        + " !key, with commas between");
    }
}
