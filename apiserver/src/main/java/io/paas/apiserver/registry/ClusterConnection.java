package io.paas.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.paas.api.meta.Labels;
import io.paas.api.v1.MiddlewareCluster;
import io.paas.apiserver.client.Cluster;
import io.paas.apiserver.discovery.Parent;
import io.paas.apiserver.discovery.Route;
import io.paas.apiserver.kinds.ConnectionInfo;
import io.paas.apiserver.kinds.ConnectionInfo.AuthSecret;
import io.paas.apiserver.kinds.ConnectionInfo.Endpoint;
import io.paas.apiserver.kinds.GroupVersionKind;
import io.paas.apiserver.request.ApiResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `GET middlewareclusters/{name}/connection`: where clients connect. Names the Secret of the
/// password; this server has no right to read it.
final class ClusterConnection implements Subresource {

    /// Key of the password in a cluster's Secret.
    private static final String PASSWORD = "password";

    private final Cluster cluster;

    ClusterConnection(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Route route() {
        return new Route(
                Parent.MIDDLEWARECLUSTERS,
                "connection",
                Route.Method.GET,
                null,
                GroupVersionKind.ours("ConnectionInfo"),
                ConnectionInfo.class,
                "read where clients of the cluster connect");
    }

    @Override
    public ApiResponse answer(Call call) {
        MiddlewareCluster found = cluster.middlewareCluster(call.namespace(), call.name());
        List<Endpoint> endpoints = endpoints(cluster.services(call.namespace(), call.name()));
        MiddlewareCluster.Connection connection =
                found.status() == null ? null : found.status().connection();
        Endpoint first = endpoints.isEmpty() ? null : endpoints.getFirst();
        String host = connection == null ? null : connection.host();
        Integer port = connection == null ? null : connection.port();
        if (host == null && first != null) {
            host = first.host();
            port = first.port();
        }
        return Answer.of(
                call,
                200,
                "ConnectionInfo",
                new ConnectionInfo(
                        call.name(),
                        found.spec().type(),
                        found.spec().version(),
                        host,
                        port,
                        endpoints,
                        found.spec().authSecretRef() == null
                                ? null
                                : new AuthSecret(found.spec().authSecretRef().name(), PASSWORD),
                        example(call, port)));
    }

    private static @Nullable String example(Call call, @Nullable Integer port) {
        return port == null
                ? null
                : "kubectl -n %s port-forward service/%s %d:%d"
                        .formatted(call.namespace(), call.name(), port, port);
    }

    /// The Service of all Pods first, then those of a role. Headless ones are for the members.
    private static List<Endpoint> endpoints(List<JsonNode> services) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonNode service : services) {
            JsonNode spec = service.path("spec");
            if (spec.path("clusterIP").asText().equals("None")) {
                continue;
            }
            String name = service.path("metadata").path("name").asText();
            String namespace = service.path("metadata").path("namespace").asText();
            for (JsonNode port : spec.path("ports")) {
                endpoints.add(
                        new Endpoint(
                                name,
                                name + "." + namespace + ".svc",
                                port.path("name").asText(),
                                port.path("port").asInt(),
                                spec.path("selector").path(Labels.ROLE).textValue()));
            }
        }
        endpoints.sort(Comparator.comparing(Endpoint::service).thenComparing(Endpoint::name));
        return endpoints;
    }
}
