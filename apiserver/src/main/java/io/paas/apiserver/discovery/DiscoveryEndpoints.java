package io.paas.apiserver.discovery;

import static io.paas.apiserver.kinds.GroupVersionKind.API_VERSION;
import static io.paas.apiserver.kinds.GroupVersionKind.GROUP;

import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.MediaType;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Answers `/apis…` and `/openapi/v3…`.
///
/// INVARIANT: `/apis` answers the aggregated form exactly when asked for it. Anything else in its
/// place marks the group stale, and then no namespace of the cluster can be deleted
/// (kubernetes/kubernetes#119662).
public final class DiscoveryEndpoints {

    static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final String JSON = "application/json";

    /// RFC 9110 §5.6.7.
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    private final Map<String, Function<ApiRequest, ApiResponse>> paths;

    public DiscoveryEndpoints(List<Route> routes, String version) {
        Document aggregated = Document.of(DiscoveryDocuments.groups(routes), AGGREGATED);
        Document groups = Document.of(DiscoveryDocuments.legacyGroups(), JSON);
        Document group = Document.of(DiscoveryDocuments.legacyGroup(), JSON);
        Document resources = Document.of(DiscoveryDocuments.legacyResources(routes), JSON);
        Document openApi = Document.of(OpenApiDocument.of(routes, version), JSON);
        Document index = Document.of(OpenApiDocument.index(openApi.hash()), JSON);
        this.paths =
                Map.of(
                        "/apis",
                        request -> groups(request, aggregated, groups),
                        "/apis/" + GROUP,
                        request -> json(request, group),
                        "/apis/" + API_VERSION,
                        request -> json(request, resources),
                        "/openapi/v3",
                        request -> json(request, index),
                        "/openapi/v3/apis/" + API_VERSION,
                        request -> openApi(request, openApi));
    }

    public Optional<Function<ApiRequest, ApiResponse>> at(String path) {
        return Optional.ofNullable(paths.get(path));
    }

    private static ApiResponse groups(ApiRequest request, Document aggregated, Document legacy) {
        for (MediaType clause : MediaType.accepted(request.headers().all("accept"))) {
            if (!clause.covers(JSON)) {
                continue;
            }
            if (!clause.isConverted()) {
                return legacy.answer(request);
            }
            if (asksForAggregated(clause)) {
                return aggregated.answer(request);
            }
        }
        throw notAcceptable(List.of(AGGREGATED, JSON));
    }

    private static boolean asksForAggregated(MediaType clause) {
        return clause.parameter("as").filter("APIGroupDiscoveryList"::equals).isPresent()
                && clause.parameter("g").filter("apidiscovery.k8s.io"::equals).isPresent()
                && clause.parameter("v").filter("v2"::equals).isPresent();
    }

    private static ApiResponse json(ApiRequest request, Document document) {
        requireJson(request);
        return document.answer(request);
    }

    private static ApiResponse openApi(ApiRequest request, Document document) {
        requireJson(request);
        ApiResponse answer = document.answer(request);
        if (request.parameter("hash").filter(document.hash()::equals).isEmpty()) {
            // Another hash gets the current document: kube-apiserver refuses to pass on redirects.
            return answer;
        }
        return answer.with("Cache-Control", "public, immutable")
                .with("Expires", HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC).plusYears(1)));
    }

    private static void requireJson(ApiRequest request) {
        boolean accepted =
                MediaType.accepted(request.headers().all("accept")).stream()
                        .anyMatch(clause -> clause.covers(JSON) && !clause.isConverted());
        if (!accepted) {
            throw notAcceptable(List.of(JSON));
        }
    }

    private static Failure notAcceptable(List<String> types) {
        return Failure.of(
                406,
                "NotAcceptable",
                "only the following media types are accepted: " + String.join(", ", types));
    }
}
