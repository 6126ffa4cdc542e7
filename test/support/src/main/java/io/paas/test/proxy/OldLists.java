package io.paas.test.proxy;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The lists of an earlier moment, to be served later, as an API server does whose watch cache
/// lags.
///
/// Served only to who accepts an old list (`resourceVersion=0`): no server may answer a request
/// without resourceVersion from a cache that lags.
final class OldLists {

    private final Set<Request> seen = ConcurrentHashMap.newKeySet();
    private final Map<String, Reply> kept = new ConcurrentHashMap<>();
    private final AtomicInteger served = new AtomicInteger();

    void saw(Request list) {
        seen.add(new Request(list.method(), consistent(list), list.headers(), ""));
    }

    Set<Request> seen() {
        return seen;
    }

    void keep(Request list, Reply reply) {
        kept.put(consistent(list), reply);
    }

    Optional<Reply> instead(Request list) {
        Reply old = list.acceptsOldList() ? kept.get(consistent(list)) : null;
        if (old != null) {
            served.incrementAndGet();
        }
        return Optional.ofNullable(old);
    }

    int served() {
        return served.get();
    }

    /// The same list, asked for without saying which age is right.
    private static String consistent(Request list) {
        String query =
                list.query().replaceAll("&?resourceVersion(Match)?=[^&]*", "").replaceAll("^&", "");
        return list.path() + (query.isEmpty() ? "" : "?" + query);
    }
}
