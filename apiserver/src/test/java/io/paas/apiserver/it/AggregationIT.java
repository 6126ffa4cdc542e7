package io.paas.apiserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.apiserver.it.TestCa.Identity;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregationIT {

    private static final String POD_VERB =
            "/apis/middleware.paas.io/v1/namespaces/default/pods/demo-0/restart";

    @TempDir static Path directory;
    private static ServerBehindKube world;
    private static ControlPlane plane;

    @BeforeAll
    static void start() throws Exception {
        assertThat(ControlPlane.tools()).as("tools; build them with make tools").isPresent();
        world = ServerBehindKube.start(directory);
        plane = world.plane();
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    @Test
    void kubectlResolvesVerbsByTheParent() throws Exception {
        // when: discovery reaches the kube-apiserver a moment after the APIService is Available
        ControlPlane.Output may =
                ServerBehindKube.eventually(
                        () ->
                                plane.kubectl(
                                        "auth",
                                        "can-i",
                                        "create",
                                        "pods.middleware.paas.io",
                                        "--subresource=restart"),
                        output -> !output.text().contains("Warning"));

        // then
        assertThat(may.text().strip()).isEqualTo("yes");
        assertThat(may.text()).doesNotContain("Warning");
    }

    @Test
    void roleOnASubresourceIsTheWholeRight() throws Exception {
        // given
        ControlPlane.Output before =
                plane.kubectlAs("alice", "", "create", "--raw", POD_VERB, "-f", "-");
        run(
                "create",
                "role",
                "restarter",
                "--verb=create",
                "--resource=pods.middleware.paas.io/restart");
        run("create", "rolebinding", "restarter", "--role=restarter", "--user=alice");

        // when
        ControlPlane.Output after =
                ServerBehindKube.eventually(
                        () -> plane.kubectlAs("alice", "", "create", "--raw", POD_VERB, "-f", "-"),
                        output -> !output.text().contains("forbidden"));

        // then
        assertThat(before.text())
                .contains("User \"alice\" cannot create resource \"pods/restart\"");
        assertThat(after.text()).contains("pods \"demo-0\" not found");
    }

    @Test
    void discoveryIsCurrentAndTheCrdKeepsTheShortName() throws Exception {
        // when
        ControlPlane.Output discovery =
                ServerBehindKube.eventually(
                        () -> plane.kubectl("get", "--raw", "/apis/middleware.paas.io/v1"),
                        ControlPlane.Output::succeeded);

        // then
        assertThat(discovery.text()).contains("pods/restart").doesNotContain("null");
        assertThat(plane.kubectl("get", "pods", "-n", "default").text())
                .contains("No resources found");
        assertThat(plane.kubectl("api-resources").succeeded()).isTrue();
    }

    @Test
    void openApiIsServedThroughTheAggregator() throws Exception {
        // when
        ControlPlane.Output document =
                ServerBehindKube.eventually(
                        () ->
                                plane.kubectl(
                                        "get", "--raw", "/openapi/v3/apis/middleware.paas.io/v1"),
                        ControlPlane.Output::succeeded);

        // then
        assertThat(document.text()).contains("io.paas.middleware.v1.ProcessOptions");
    }

    @Test
    void namespacesGoAwayWhileTheServerServes() throws Exception {
        // given
        run("create", "namespace", "gone");

        // when
        ControlPlane.Output groups = plane.kubectl("get", "--raw", "/apis/middleware.paas.io");

        // then
        assertThat(groups.succeeded()).isTrue();
        assertThat(groups.text()).contains("\"kind\":\"APIGroup\"");
    }

    @Test
    void believesTheFrontProxyOnly() throws Exception {
        assertThat(identityHeaders(null)).as("no certificate").isEqualTo(403);
        assertThat(identityHeaders(plane.proxyCa.client("CN=front-proxy-client")))
                .as("front proxy")
                .isEqualTo(404);
        assertThat(identityHeaders(plane.proxyCa.client("CN=somebody")))
                .as("wrong CN")
                .isEqualTo(403);
        assertThat(identityHeaders(new TestCa("front-proxy-ca").client("CN=front-proxy-client")))
                .as("CA of the same name")
                .isEqualTo(403);
        assertThat(identityHeaders(plane.clientCa.client("CN=front-proxy-client")))
                .as("client CA")
                .isEqualTo(403);
        assertThat(identityHeaders(plane.proxyCa.server("front-proxy-client")))
                .as("not for clients")
                .isEqualTo(403);
        assertThat(identityHeaders(plane.proxyCa.expiredClient("CN=front-proxy-client")))
                .as("expired")
                .isEqualTo(403);
    }

    @Test
    void knowsBearerTokensAndClientCertificates() throws Exception {
        assertThat(direct(null, Map.of("Authorization", "Bearer admin"))).isEqualTo(404);
        assertThat(direct(null, Map.of("Authorization", "Bearer nobody"))).isEqualTo(401);
        assertThat(direct(plane.clientCa.client("CN=root,O=system:masters"), Map.of()))
                .isEqualTo(404);
        assertThat(direct(plane.clientCa.client("CN=jane"), Map.of())).isEqualTo(403);
        assertThat(
                        direct(
                                null,
                                Map.of(
                                        "Authorization",
                                        "Bearer admin",
                                        "Impersonate-User",
                                        "root")))
                .isEqualTo(403);
    }

    @Test
    void takesOverANewServingCertificateWithoutRestart() throws Exception {
        // given
        String before = servedSerial();
        world.renewServingCertificate();

        // when
        String after =
                ServerBehindKube.eventually(
                        AggregationIT::servedSerial, serial -> !serial.equals(before));

        // then
        assertThat(after).isNotEqualTo(before);
        assertThat(plane.kubectl("get", "--raw", "/apis/middleware.paas.io/v1").succeeded())
                .isTrue();
    }

    private static String servedSerial() throws Exception {
        HttpResponse<String> response = send(null, Map.of(), "/livez", "GET");
        Certificate served = response.sslSession().orElseThrow().getPeerCertificates()[0];
        return ((X509Certificate) served).getSerialNumber().toString();
    }

    private static int identityHeaders(Identity identity) throws Exception {
        return direct(
                identity, Map.of("X-Remote-User", "root", "X-Remote-Group", "system:masters"));
    }

    private static int direct(Identity identity, Map<String, String> headers) throws Exception {
        return send(identity, headers, POD_VERB, "POST").statusCode();
    }

    private static HttpResponse<String> send(
            Identity identity, Map<String, String> headers, String path, String method)
            throws Exception {
        return world.send(identity, headers, path, method);
    }

    private static void run(String... arguments) throws Exception {
        world.run(arguments);
    }
}
