package io.paas.apiserver.http;

import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Headers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves HTTPS. The event loop does TLS and HTTP; each request is answered on its own virtual
/// thread, which receives the body when it wants it.
///
/// HTTP/1.1 only: an HTTP/2 GOAWAY while a body is under way becomes a 503 in kube-apiserver's
/// proxy (kubernetes/kubernetes#135285), and one connection would pin all requests to one replica.
public final class HttpListener {

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

    /// kube-apiserver's own limit for a request body.
    static final int MAX_BODY_BYTES = 3 * 1024 * 1024;

    private static final Duration BODY_WITHIN = Duration.ofSeconds(30);

    /// A user may be in hundreds of groups, each a header of its own.
    static final int MAX_HEADER_BYTES = 256 * 1024;

    private static final int MAX_REQUEST_LINE_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Function<ApiRequest, ApiResponse> answers;
    private final Path certificateFile;
    private final Path keyFile;
    private final Consumer<Instant> expiry;
    private ServingCertificate certificate;

    /// A listener that is not yet listening.
    ///
    /// @param answers may block
    /// @param expiry is told when the serving certificate expires, whenever that changes
    /// @throws IOException when the certificate cannot be read
    public HttpListener(
            Vertx vertx,
            Function<ApiRequest, ApiResponse> answers,
            Path certificateFile,
            Path keyFile,
            Consumer<Instant> expiry)
            throws IOException {
        this.vertx = vertx;
        this.answers = answers;
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.expiry = expiry;
        this.certificate = ServingCertificate.read(certificateFile, keyFile);
        expiry.accept(certificate.expires());
        Router router = Router.router(vertx);
        router.route().handler(this::answer);
        router.route().failureHandler(HttpListener::refuse);
        this.server =
                vertx.createHttpServer(options(certificate))
                        .requestHandler(router)
                        .exceptionHandler(e -> LOG.debug("connection failed: {}", e.toString()));
    }

    private static HttpServerOptions options(ServingCertificate certificate) {
        HttpServerOptions options =
                new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(false)
                        .setClientAuth(ClientAuth.REQUEST)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                        .setIdleTimeout(180)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS);
        options.setKeyCertOptions(certificate.toOptions().getKeyCertOptions());
        options.setTrustOptions(certificate.toOptions().getTrustOptions());
        options.setEnabledSecureTransportProtocols(
                certificate.toOptions().getEnabledSecureTransportProtocols());
        return options;
    }

    /// Begins to serve; returns the port.
    public int start(String host, int port) throws IOException {
        await(server.listen(port, host), Duration.ofSeconds(10));
        return server.actualPort();
    }

    /// Takes over a changed certificate. A file that cannot be read leaves the old one in force.
    public synchronized void reloadCertificate() {
        try {
            ServingCertificate read = ServingCertificate.read(certificateFile, keyFile);
            if (read.hasSameBytes(certificate)) {
                return;
            }
            await(server.updateSSLOptions(read.toOptions(), true), Duration.ofSeconds(10));
            certificate = read;
            expiry.accept(read.expires());
            LOG.info("serving certificate reloaded, expires {}", read.expires());
        } catch (IOException e) {
            LOG.warn("serving certificate not reloaded, the old one stays: {}", e.getMessage());
        }
    }

    /// Stops accepting, lets requests under way finish, and closes.
    public void stop(Duration drain) throws IOException {
        await(server.shutdown(drain), drain.plusSeconds(5));
        workers.shutdown();
    }

    private void answer(RoutingContext routing) {
        Context loop = vertx.getOrCreateContext();
        HttpServerRequest sent = routing.request().pause();
        ApiRequest request;
        try {
            request = read(sent, () -> body(sent, loop));
        } catch (Failure e) {
            write(routing.response(), e.toResponse(), isHead(routing));
            return;
        }
        workers.execute(
                () -> {
                    ApiResponse response = answers.apply(request);
                    loop.runOnContext(
                            _ -> {
                                write(routing.response(), response, isHead(routing));
                                // A body that nobody asked for is dropped as it comes.
                                sent.resume();
                            });
                });
    }

    private static byte[] body(HttpServerRequest request, Context loop) {
        Promise<Buffer> whole = Promise.promise();
        loop.runOnContext(_ -> receive(request, whole));
        try {
            Buffer body = await(whole.future(), BODY_WITHIN);
            if (body.length() > MAX_BODY_BYTES) {
                throw Failure.of(
                        413, "RequestEntityTooLarge", "limit is " + MAX_BODY_BYTES + " bytes");
            }
            return body.getBytes();
        } catch (IOException e) {
            throw Failure.badRequest(
                    "the body did not arrive within " + BODY_WITHIN.toSeconds() + " s");
        }
    }

    /// Collects a body; of one that is too long only as much as shows that.
    private static void receive(HttpServerRequest request, Promise<Buffer> whole) {
        Buffer received = Buffer.buffer();
        request.exceptionHandler(whole::tryFail);
        request.endHandler(_ -> whole.tryComplete(received));
        request.handler(
                part -> {
                    if (received.length() <= MAX_BODY_BYTES) {
                        received.appendBuffer(part);
                    }
                    if (received.length() > MAX_BODY_BYTES) {
                        whole.tryComplete(received);
                    }
                });
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private static ApiRequest read(HttpServerRequest request, Supplier<byte[]> body) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.headers()
                .forEach(
                        (name, value) ->
                                headers.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
        return new ApiRequest(
                request.method().name(),
                request.path() == null ? "/" : request.path(),
                query(request.query()),
                new Headers(headers),
                body,
                peer(request));
    }

    private static Map<String, List<String>> query(@Nullable String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (raw == null) {
            return query;
        }
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            try {
                query.computeIfAbsent(
                                URLDecoder.decode(name, StandardCharsets.UTF_8),
                                _ -> new ArrayList<>())
                        .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw Failure.badRequest("the query has a malformed escape: " + pair);
            }
        }
        return query;
    }

    private static List<X509Certificate> peer(HttpServerRequest request) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            if (request.sslSession() != null) {
                for (Certificate certificate : request.sslSession().getPeerCertificates()) {
                    chain.add((X509Certificate) certificate);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
        return chain;
    }

    private static boolean isHead(RoutingContext routing) {
        return routing.request().method().name().equals("HEAD");
    }

    private static void write(HttpServerResponse out, ApiResponse response, boolean head) {
        if (out.ended() || out.closed()) {
            return;
        }
        try {
            response.headers().forEach(out::putHeader);
        } catch (IllegalArgumentException e) {
            LOG.error("answer with a header that cannot be sent", e);
            out.headers().clear();
            write(out, Failure.of(500, "InternalError", "internal error").toResponse(), head);
            return;
        }
        out.setStatusCode(response.code());
        if (head || response.code() == 304) {
            out.end().onFailure(HttpListener::gone);
        } else {
            out.end(Buffer.buffer(response.body())).onFailure(HttpListener::gone);
        }
    }

    private static void gone(Throwable cause) {
        // kube-apiserver's availability controller drops four of its five parallel probes.
        LOG.debug("caller went away: {}", cause.toString());
    }

    private static void refuse(RoutingContext routing) {
        int code = routing.statusCode() > 0 ? routing.statusCode() : 500;
        Failure failure =
                switch (code) {
                    case 400 -> Failure.badRequest("malformed request");
                    default -> Failure.of(code, "InternalError", "internal error");
                };
        if (code >= 500 && routing.failure() != null) {
            LOG.error("request failed in the listener", routing.failure());
        }
        write(routing.response(), failure.toResponse(), isHead(routing));
    }

    private static <T> T await(Future<T> future, Duration time) throws IOException {
        try {
            return future.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }
}
