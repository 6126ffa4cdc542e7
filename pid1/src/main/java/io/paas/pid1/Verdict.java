package io.paas.pid1;

/// What is known about a process's health. `NONE` is a process that nobody has judged yet; it is
/// not ready.
enum Verdict {
    NONE,
    OK,
    BAD;

    static Verdict of(String word) {
        return switch (word) {
            case "ok" -> OK;
            case "bad" -> BAD;
            default -> NONE;
        };
    }
}
