package io.paas.apiserver;

import io.paas.apiserver.authentication.Authentication;
import io.paas.apiserver.authentication.Authenticator;
import io.paas.apiserver.authentication.UserInfo;
import io.paas.apiserver.authorization.Authorizer;
import io.paas.apiserver.discovery.DiscoveryEndpoints;
import io.paas.apiserver.health.Health;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.metrics.ServerMetrics;
import io.paas.apiserver.registry.Call;
import io.paas.apiserver.registry.Subresource;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.RequestInfo;
import io.paas.apiserver.request.Trees;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers any request: audit id, who, whether, how many at once, what. Blocks.
public final class RequestPipeline implements Function<ApiRequest, ApiResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(RequestPipeline.class);
    private static final Logger AUDIT = LoggerFactory.getLogger("audit");

    private final Health health;
    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final DiscoveryEndpoints discovery;
    private final List<Subresource> subresources;
    private final ServerMetrics metrics;
    private final String version;

    /// As many of each as a kube-apiserver lets in by default (`--max-requests-inflight` 400,
    /// `--max-mutating-requests-inflight` 200).
    private final Semaphore reads = new Semaphore(400);

    private final Semaphore writes = new Semaphore(200);

    public RequestPipeline(
            Health health,
            Authenticator authenticator,
            Authorizer authorizer,
            List<Subresource> subresources,
            ServerMetrics metrics,
            String version) {
        this.health = health;
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.subresources = List.copyOf(subresources);
        this.discovery =
                new DiscoveryEndpoints(
                        subresources.stream().map(Subresource::route).toList(), version);
        this.metrics = metrics;
        this.version = version;
    }

    @Override
    public ApiResponse apply(ApiRequest request) {
        String auditId =
                request.headers()
                        .first("audit-id")
                        .filter(id -> !id.isBlank() && id.length() <= 128)
                        .orElseGet(() -> UUID.randomUUID().toString());
        long start = System.nanoTime();
        metrics.begin();
        Outcome outcome = new Outcome();
        ApiResponse response;
        try {
            response = answer(request, auditId, outcome);
        } catch (Failure e) {
            response = e.toResponse();
        } catch (RuntimeException e) {
            LOG.error(
                    "no answer to {} {} auditID={}", request.method(), request.path(), auditId, e);
            response =
                    Failure.of(
                                    500,
                                    "InternalError",
                                    "internal error; see the log, auditID " + auditId)
                            .toResponse();
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        metrics.end(request.method(), outcome.resource, outcome.subresource, response.code(), time);
        if (request.method().equals("POST")) {
            AUDIT.info(
                    "auditID={} user={} {} code={} millis={}",
                    auditId,
                    outcome.user,
                    request.path(),
                    response.code(),
                    time.toMillis());
        }
        return finished(response, auditId);
    }

    private ApiResponse finished(ApiResponse response, String auditId) {
        ApiResponse answer =
                response.with("Audit-Id", auditId).with("X-Content-Type-Options", "nosniff");
        if (!answer.headers().containsKey("Cache-Control")) {
            answer = answer.with("Cache-Control", "no-cache, private");
        }
        return health.isDraining() ? answer.with("Connection", "close") : answer;
    }

    private ApiResponse answer(ApiRequest sent, String auditId, Outcome outcome) {
        String path = withoutTrailingSlashes(sent.path());
        Optional<ApiResponse> probe = health.at(sent, path);
        if (probe.isPresent()) {
            return probe.get();
        }
        if (sent.headers().byName().keySet().stream().anyMatch(n -> n.startsWith("impersonate-"))) {
            throw Failure.of(
                    403,
                    "Forbidden",
                    "impersonation is done by kube-apiserver; send the request there");
        }
        Authentication authentication = authenticator.authenticate(sent);
        if (!(authentication
                instanceof Authentication.Authenticated(UserInfo user, ApiRequest request))) {
            throw Failure.unauthorized();
        }
        RequestInfo info = RequestInfo.of(request.method(), path);
        outcome.user = user.name();
        authorizer.require(user, info);
        return info.isResource()
                ? resource(new Call(request, info, user, auditId), outcome)
                : nonResource(request, path);
    }

    /// "/apis/" is "/apis"; a redirect would be refused by kube-apiserver. Anybody may send a path,
    /// so it takes one look at each character: a regular expression would begin anew at each slash.
    private static String withoutTrailingSlashes(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private ApiResponse nonResource(ApiRequest request, String path) {
        Optional<Function<ApiRequest, ApiResponse>> document = discovery.at(path);
        if (document.isEmpty() && !List.of("/", "/version", "/metrics").contains(path)) {
            throw Failure.notFound("the server could not find the requested resource");
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            throw notAllowed(request.method() + " " + path + " is not supported; use GET");
        }
        return document.map(found -> found.apply(request))
                .orElseGet(
                        () ->
                                switch (path) {
                                    case "/metrics" -> metrics.expose(request);
                                    case "/version" -> version();
                                    default -> root();
                                });
    }

    private ApiResponse resource(Call call, Outcome outcome) {
        RequestInfo info = call.info();
        List<Subresource> ofName =
                subresources.stream()
                        .filter(_ -> info.group().equals(GroupVersionKind.GROUP))
                        .filter(_ -> info.version().equals(GroupVersionKind.VERSION))
                        .filter(_ -> !info.namespace().isEmpty() && info.rest().isEmpty())
                        .filter(s -> s.route().parent().plural().equals(info.resource()))
                        .filter(s -> s.route().subresource().equals(info.subresource()))
                        .toList();
        if (ofName.isEmpty()) {
            throw Failure.notFound("the server could not find the requested resource");
        }
        outcome.resource = info.resource();
        outcome.subresource = info.subresource();
        String method = call.request().method().equals("HEAD") ? "GET" : call.request().method();
        Subresource subresource =
                ofName.stream()
                        .filter(s -> s.route().method().name().equals(method))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        notAllowed(
                                                info.verb()
                                                        + " is not supported on "
                                                        + info.resource()
                                                        + "/"
                                                        + info.subresource()
                                                        + "; it can "
                                                        + ofName.getFirst()
                                                                .route()
                                                                .method()
                                                                .verb()));
        Semaphore places = method.equals("GET") ? reads : writes;
        if (!places.tryAcquire()) {
            throw Failure.retryLater(
                    429, "TooManyRequests", "too many requests at once, please try again", 1);
        }
        try {
            return subresource.answer(call);
        } finally {
            places.release();
        }
    }

    private static Failure notAllowed(String message) {
        return Failure.of(405, "MethodNotAllowed", message);
    }

    private ApiResponse version() {
        String[] parts = version.split("\\.", 3);
        return ApiResponse.json(
                200,
                Trees.object()
                        .put("major", parts[0])
                        .put("minor", parts.length > 1 ? parts[1] : "0")
                        .put("gitVersion", "v" + version)
                        .put("platform", "java/" + Runtime.version().feature()));
    }

    private static ApiResponse root() {
        return ApiResponse.json(
                200,
                Trees.object()
                        .set(
                                "paths",
                                Trees.strings(
                                        List.of(
                                                "/apis",
                                                "/healthz",
                                                "/livez",
                                                "/metrics",
                                                "/openapi/v3",
                                                "/readyz",
                                                "/version"))));
    }

    /// What metrics and the audit line say of a request; filled on the way.
    private static final class Outcome {
        private String user = "-";
        private String resource = "";
        private String subresource = "";
    }
}
