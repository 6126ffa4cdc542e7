package io.paas.kube.client;

import java.io.IOException;
import java.util.Set;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Refuses writes while the fence is shut, and lets it know of each that is on its way.
///
/// Must be a network interceptor: an application interceptor would ask before the connection is
/// made, which can take seconds, and only once for all the attempts of OkHttp's own.
record FencedWrites(WriteFence fence) implements Interceptor {

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    public Response intercept(Chain chain) throws IOException {
        if (READS.contains(chain.request().method())) {
            return chain.proceed(chain.request());
        }
        if (!fence.tryBegin()) {
            throw ApiFailure.fenced();
        }
        try {
            // Returns with the answer's headers: the server has decided.
            return chain.proceed(chain.request());
        } finally {
            fence.end();
        }
    }
}
