package io.paas.pid1;

import java.util.HashMap;
import java.util.Map;

/// The `key=value` words of a launcher line; the last key takes the rest of the line.
final class Words {
    private final Map<String, String> values = new HashMap<>();

    private Words() {}

    static Words of(String line, String lastKey) {
        Words words = new Words();
        String rest = line;
        while (!rest.isEmpty()) {
            int equals = rest.indexOf('=');
            if (equals < 0) {
                break;
            }
            String key = rest.substring(0, equals);
            int end = key.equals(lastKey) ? -1 : rest.indexOf(' ', equals);
            String value = end < 0 ? rest.substring(equals + 1) : rest.substring(equals + 1, end);
            words.values.put(key, value);
            rest = end < 0 ? "" : rest.substring(end + 1);
        }
        return words;
    }

    String text(String key) {
        return values.getOrDefault(key, "");
    }

    long number(String key) {
        try {
            return Long.parseLong(text(key));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
