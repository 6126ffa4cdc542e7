package io.paas.test.faults;

import java.util.List;
import java.util.Map;

/// What a person may choose, by the environment.
final class Settings {

    private static final Map<String, String> ENVIRONMENT = System.getenv();

    private Settings() {}

    /// `CAMPAIGN_SEED`: the order of the points.
    static long seed(long otherwise) {
        return Long.parseLong(ENVIRONMENT.getOrDefault("CAMPAIGN_SEED", "" + otherwise));
    }

    /// `CAMPAIGN_AT_ONCE`: how many runs at a time.
    static int atOnce(int otherwise) {
        return Integer.parseInt(ENVIRONMENT.getOrDefault("CAMPAIGN_AT_ONCE", "" + otherwise));
    }

    /// `CAMPAIGN_ONLY`: a regular expression that a point's text must contain.
    static List<Point> chosen(List<Point> points) {
        var only = java.util.regex.Pattern.compile(ENVIRONMENT.getOrDefault("CAMPAIGN_ONLY", ""));
        return points.stream().filter(point -> only.matcher(point.toString()).find()).toList();
    }
}
