package io.paas.pid1;

/// How the launcher answered one request.
sealed interface LauncherReply {
    /// Done; `text` is what stood behind `OK`.
    record Ok(String text) implements LauncherReply {}

    /// Refused; `code` is the launcher's word, like `busy`.
    record Refused(String code, String message) implements LauncherReply {}

    /// Nobody answered; whether the request arrived is unknown.
    record Unreachable(String message) implements LauncherReply {}
}
