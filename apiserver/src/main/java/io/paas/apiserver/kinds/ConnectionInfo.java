package io.paas.apiserver.kinds;

import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("ConnectionInfo says where clients of a cluster connect.")
public record ConnectionInfo(
        @Doc("Name of the cluster.") String cluster,
        @Doc("Type of middleware.") String type,
        @Doc("Version of the middleware.") String version,
        @Doc("DNS name of the cluster's Service.") @Nullable String host,
        @Doc("Port of the cluster's Service.") @Nullable Integer port,
        @Doc("All Services of the cluster.") List<Endpoint> endpoints,
        @Doc("Secret with the password, if clients must present one. Its content is never here.")
                @Nullable AuthSecret authSecret,
        @Doc("Command line that makes the Service reachable from where kubectl runs.")
                @Nullable String example) {

    @Doc("Endpoint is one Service.")
    public record Endpoint(
            @Doc("Name of the Service.") String service,
            @Doc("DNS name.") String host,
            @Doc("Name of the port.") String name,
            @Doc("Port.") int port,
            @Doc("Role of the Pods behind it; unset means all.") @Nullable String role) {}

    @Doc("AuthSecret names a Secret of the cluster's namespace.")
    public record AuthSecret(
            @Doc("Name of the Secret.") String name, @Doc("Key of the password.") String key) {}
}
