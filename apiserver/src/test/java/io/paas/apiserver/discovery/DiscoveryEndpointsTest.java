package io.paas.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.kinds.ProcessOptions;
import io.paas.apiserver.kinds.ProcessResult;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.paas.apiserver.request.Headers;
import io.paas.apiserver.request.Trees;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiscoveryEndpointsTest {

    /// What client-go 0.36 sends, with a parameter of a later version.
    private static final String CLIENT_GO =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList;profile=nopeer,"
                    + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
                    + "application/json";

    private static final List<Route> ROUTES =
            List.of(
                    new Route(
                            Parent.PODS,
                            "restart",
                            Route.Method.POST,
                            ProcessOptions.class,
                            GroupVersionKind.ours("ProcessResult"),
                            ProcessResult.class,
                            "restart it"));

    private final DiscoveryEndpoints endpoints = new DiscoveryEndpoints(ROUTES, "0.1.0");

    private ApiResponse get(String path, Map<String, List<String>> headers) {
        return endpoints
                .at(path)
                .orElseThrow()
                .apply(
                        new ApiRequest(
                                "GET",
                                path,
                                Map.of(),
                                new Headers(headers),
                                () -> new byte[0],
                                List.of()));
    }

    private ApiResponse accept(String path, String accept) {
        return get(path, Map.of("Accept", List.of(accept)));
    }

    private static JsonNode body(ApiResponse response) throws IOException {
        return Trees.parse(response.body());
    }

    @Test
    void answersTheAggregatedFormWithItsParameters() throws IOException {
        // when
        ApiResponse response = accept("/apis", CLIENT_GO);

        // then
        assertThat(response.headers().get("Content-Type"))
                .containsExactly(
                        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        JsonNode resource = body(response).at("/items/0/versions/0/resources/0");
        assertThat(resource.path("resource").asText()).isEqualTo("pods");
        assertThat(resource.path("verbs").isArray()).isTrue();
        assertThat(resource.path("responseKind").path("kind").asText()).isEqualTo("Pod");
        assertThat(resource.at("/subresources/0/verbs/0").asText()).isEqualTo("create");
    }

    @Test
    void answersTheOldFormToWhomDoesNotAskForTheNew() throws IOException {
        assertThat(body(accept("/apis", "application/json")).path("kind").asText())
                .isEqualTo("APIGroupList");
        assertThat(body(get("/apis", Map.of())).path("kind").asText()).isEqualTo("APIGroupList");
        assertThat(
                        body(accept(
                                        "/apis",
                                        "application/vnd.kubernetes.protobuf,application/json"))
                                .path("kind")
                                .asText())
                .isEqualTo("APIGroupList");
    }

    @Test
    void refusesWhatItDoesNotHave() {
        assertThatThrownBy(() -> accept("/apis", "application/cbor"))
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.code()).isEqualTo(406));
        assertThatThrownBy(
                        () ->
                                accept(
                                        "/apis",
                                        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList"))
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.code()).isEqualTo(406));
    }

    @Test
    void sparesTheBodyForWhomHasIt() {
        // given
        String tag = accept("/apis", CLIENT_GO).headers().get("ETag").getFirst();

        // when
        ApiResponse same =
                get("/apis", Map.of("Accept", List.of(CLIENT_GO), "If-None-Match", List.of(tag)));
        ApiResponse otherForm = get("/apis", Map.of("If-None-Match", List.of(tag)));

        // then
        assertThat(same.code()).isEqualTo(304);
        assertThat(otherForm.code()).isEqualTo(200);
    }

    @Test
    void listsOnlyItsOwnOpenApiDocumentAndByItsHash() throws IOException {
        // when
        JsonNode paths = body(get("/openapi/v3", Map.of())).path("paths");
        String hash =
                get("/openapi/v3/apis/middleware.paas.io/v1", Map.of())
                        .headers()
                        .get("ETag")
                        .getFirst()
                        .replace("\"", "");

        // then
        assertThat(paths.size()).isEqualTo(1);
        assertThat(paths.at("/apis~1middleware.paas.io~1v1/serverRelativeURL").asText())
                .isEqualTo("/openapi/v3/apis/middleware.paas.io/v1?hash=" + hash);
    }

    @Test
    void describesBodiesByTheirRecords() throws IOException {
        // when
        JsonNode document = body(get("/openapi/v3/apis/middleware.paas.io/v1", Map.of()));

        // then
        JsonNode mode =
                document.at(
                        "/components/schemas/io.paas.middleware.v1.ProcessOptions/properties/mode");
        assertThat(mode.path("enum").toString()).isEqualTo("[\"Graceful\",\"Force\"]");
        assertThat(mode.path("description").asText()).isNotBlank();
    }

    @Test
    void isEqualInEveryReplica() {
        assertThat(
                        new DiscoveryEndpoints(ROUTES, "0.1.0")
                                .at("/openapi/v3")
                                .orElseThrow()
                                .apply(
                                        new ApiRequest(
                                                "GET",
                                                "/openapi/v3",
                                                Map.of(),
                                                Headers.NONE,
                                                () -> new byte[0],
                                                List.of()))
                                .body())
                .isEqualTo(get("/openapi/v3", Map.of()).body());
    }
}
