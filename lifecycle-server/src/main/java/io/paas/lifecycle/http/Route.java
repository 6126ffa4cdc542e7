package io.paas.lifecycle.http;

import org.jspecify.annotations.Nullable;

/// One path of a server.
///
/// @param path exact, or a prefix if it ends with `/`
/// @param act makes the token's `act` from the tail of the path; null if no token is needed
public record Route(String method, String path, @Nullable Act act, Handler handler) {
    /// The `act` a token must carry for the path's tail.
    @FunctionalInterface
    public interface Act {
        String of(String tail);
    }

    /// Answers a request; may block, for each has its own virtual thread.
    @FunctionalInterface
    public interface Handler {
        Reply handle(Request request) throws InterruptedException;
    }

    public static Route open(String method, String path, Handler handler) {
        return new Route(method, path, null, handler);
    }

    public static Route guarded(String method, String path, String act, Handler handler) {
        return new Route(method, path, tail -> act, handler);
    }

    boolean matches(String requested) {
        return path.endsWith("/")
                ? requested.startsWith(path) && requested.length() > path.length()
                : requested.equals(path);
    }

    String tail(String requested) {
        return requested.substring(path.length());
    }
}
