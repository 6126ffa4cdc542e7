package io.paas.api.extension;

import java.util.Comparator;

/// One mistake in a package, told so that its author can mend it.
///
/// @param key the package's key, for example `pod.node.yaml`
/// @param line counted from 1; 0 when the whole key is meant
public record Problem(String key, int line, String message) implements Comparable<Problem> {

    private static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::key)
                    .thenComparingInt(Problem::line)
                    .thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == 0 ? key + ": " + message : key + " line " + line + ": " + message;
    }
}
