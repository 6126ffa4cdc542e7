package io.paas.apiserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The verbs of clusters and Operations. No controllers run; each test has a namespace of its own.
class VerbsIT {

    @TempDir static Path directory;
    private static ServerBehindKube world;

    @BeforeAll
    static void start() throws Exception {
        assertThat(ControlPlane.tools()).as("tools; build them with make tools").isPresent();
        world = ServerBehindKube.start(directory);
        world.run("apply", "-f", ServerBehindKube.manifests().resolve("crds").toString());
        world.run("wait", "crd", "--all", "--for=condition=Established", "--timeout=60s");
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static void demoCluster(String namespace) throws Exception {
        world.apply(
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: paas.io/v1
                kind: MiddlewareCluster
                metadata: {name: demo, namespace: %1$s}
                spec: {type: any, extensionVersion: 1.0.0, version: "1", topology: cluster}
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: demo
                  namespace: %1$s
                  labels: {middleware.paas.io/cluster: demo}
                spec: {ports: [{name: db, port: 7000}]}
                """
                        .formatted(namespace));
        world.apply(
                """
                apiVersion: paas.io/v1
                kind: ExPodSet
                metadata:
                  name: demo-nodes
                  namespace: %s
                  labels: {middleware.paas.io/cluster: demo, middleware.paas.io/group: nodes}
                  ownerReferences: [%s]
                spec:
                  replicas: 3
                  serviceName: demo-nodes
                  restartOrder: [replica, primary]
                  selector: {matchLabels: {middleware.paas.io/cluster: demo}}
                  template:
                    metadata: {labels: {middleware.paas.io/cluster: demo}}
                    spec: {containers: [{name: main, image: none}]}
                """
                        .formatted(namespace, owner(namespace, "MiddlewareCluster", "demo")));
        String set = owner(namespace, "ExPodSet", "demo-nodes");
        StringBuilder pods = new StringBuilder();
        for (int ordinal = 0; ordinal < 3; ordinal++) {
            pods.append(
                    """
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata:
                      name: demo-nodes-%1$d
                      namespace: %2$s
                      labels:
                        middleware.paas.io/cluster: demo
                        middleware.paas.io/group: nodes
                        middleware.paas.io/ordinal: "%1$d"
                        middleware.paas.io/role: %3$s
                      ownerReferences: [%4$s]
                    spec: {containers: [{name: main, image: none}]}
                    """
                            .formatted(
                                    ordinal, namespace, ordinal == 0 ? "primary" : "replica", set));
        }
        world.apply(pods.toString());
        world.run(
                "patch",
                "middlewareclusters.paas.io",
                "demo",
                "-n",
                namespace,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"observedGeneration\":1,\"connection\":{\"host\":\"demo.db.svc\",\"port\":7000}}}");
    }

    private static String owner(String namespace, String kind, String name) throws Exception {
        String uid =
                world.run("get", kind, name, "-n", namespace, "-o", "jsonpath={.metadata.uid}");
        return "{apiVersion: paas.io/v1, kind: %s, name: %s, uid: %s, controller: true}"
                .formatted(kind, name, uid);
    }

    private static String post(String namespace, String path, String body) throws Exception {
        return world.plane()
                .kubectlAs(
                        "admin",
                        body,
                        "create",
                        "--raw",
                        "/apis/middleware.paas.io/v1/namespaces/" + namespace + "/" + path,
                        "-f",
                        "-")
                .text();
    }

    private static String operations(String namespace) throws Exception {
        return world.run("get", "operations.paas.io", "-n", namespace, "-o", "name");
    }

    @Test
    void restartCreatesOneOperationHoweverOftenItIsAsked() throws Exception {
        // given
        demoCluster("repeat");
        String body = "{\"requestID\":\"r1\",\"maxConcurrent\":2}";

        // when
        String first = post("repeat", "middlewareclusters/demo/restart", body);
        String again = post("repeat", "middlewareclusters/demo/restart", body);
        String other = post("repeat", "middlewareclusters/demo/restart", "{\"requestID\":\"r1\"}");
        String second = post("repeat", "middlewareclusters/demo/restart", "");

        // then
        assertThat(first).contains("\"name\":\"demo-r-r1\"").contains("\"user\":\"admin\"");
        assertThat(again).isEqualTo(first);
        assertThat(other).contains("AlreadyExists").contains("demo-r-r1");
        assertThat(second).contains("Conflict").contains("demo-r-r1").contains("is not over");
        assertThat(operations("repeat").strip()).isEqualTo("operation.paas.io/demo-r-r1");
    }

    @Test
    void anOperationGoesWithItsCluster() throws Exception {
        // given
        demoCluster("owned");
        post("owned", "middlewareclusters/demo/restart", "{\"requestID\":\"o1\"}");

        // when
        String owner =
                world.run(
                        "get",
                        "operations.paas.io/demo-r-o1",
                        "-n",
                        "owned",
                        "-o",
                        "jsonpath={.metadata.ownerReferences[?(@.controller)].uid}");

        // then
        assertThat(owner)
                .isNotEmpty()
                .isEqualTo(
                        world.run(
                                "get",
                                "mwc/demo",
                                "-n",
                                "owned",
                                "-o",
                                "jsonpath={.metadata.uid}"));
    }

    @Test
    void dryRunAnswersThePlanAndWritesNothing() throws Exception {
        // given
        demoCluster("plan");

        // when
        String plan =
                post("plan", "middlewareclusters/demo/restart?dryRun=All", "maxConcurrent: 2\n");
        String stop = post("plan", "middlewareclusters/demo/stop", "{\"dryRun\":[\"All\"]}");

        // then
        assertThat(plan)
                .contains("Restart demo-nodes-2 demo-nodes-1 | demo-nodes-0")
                .contains("\"progress\":\"0/3\"");
        assertThat(stop).contains("\"name\":\"demo-g2\"");
        assertThat(operations("plan")).doesNotContain("demo");
        assertThat(
                        world.run(
                                "get",
                                "mwc",
                                "demo",
                                "-n",
                                "plan",
                                "-o",
                                "jsonpath={.metadata.generation}"))
                .isEqualTo("1");
    }

    @Test
    void stopOfAllIsWrittenIntoTheSpec() throws Exception {
        // given
        demoCluster("durable");

        // when
        String stopped = post("durable", "middlewareclusters/demo/stop", "{\"requestID\":\"s1\"}");
        String tooEarly = post("durable", "middlewareclusters/demo/start", "");
        String again = post("durable", "middlewareclusters/demo/stop", "{\"requestID\":\"s1\"}");

        // then
        assertThat(stopped).contains("\"name\":\"demo-g2\"").contains("\"type\":\"Stop\"");
        assertThat(again).contains("\"name\":\"demo-g2\"");
        assertThat(tooEarly).contains("have not yet seen its last change");
        String cluster = world.run("get", "mwc", "demo", "-n", "durable", "-o", "json");
        assertThat(cluster)
                .contains("\"processState\": \"Stopped\"")
                .contains("\\\"requestID\\\":\\\"s1\\\"")
                .contains("\\\"generation\\\":2");
    }

    @Test
    void refusesWrongInputBeforeItWrites() throws Exception {
        // given
        demoCluster("wrong");

        // when
        String ordinal =
                post("wrong", "middlewareclusters/demo/stop", "{\"selector\":{\"ordinals\":[7]}}");
        String mode = post("wrong", "middlewareclusters/demo/stop", "{\"mode\":\"Kill\"}");
        String strict =
                post("wrong", "middlewareclusters/demo/stop?fieldValidation=Strict", "{\"mod\":1}");
        String missing = post("wrong", "middlewareclusters/nobody/stop", "");
        String pod = post("wrong", "pods/demo-nodes-0/restart", "");

        // then
        assertThat(ordinal).contains("ordinal 7 does not exist; present: 0, 1, 2");
        assertThat(mode).contains("supported values: \"Graceful\", \"Force\"");
        assertThat(strict).contains("unknown field \"mod\"");
        assertThat(missing).contains("middlewareclusters.paas.io \"nobody\" not found");
        assertThat(pod).contains("has no IP yet");
        assertThat(operations("wrong")).doesNotContain("demo");
    }

    @Test
    void cancelSetsTheControlOfAnOperation() throws Exception {
        // given
        demoCluster("cancel");
        assertThat(post("cancel", "middlewareclusters/demo/restart", "{\"requestID\":\"c1\"}"))
                .contains("demo-r-c1");

        // when
        String cancelled = post("cancel", "operations/demo-r-c1/cancel", "");
        String resumed = post("cancel", "operations/demo-r-c1/resume", "");

        // then
        assertThat(cancelled).contains("\"control\":\"Cancel\"");
        assertThat(resumed).contains("it is being cancelled");
    }

    @Test
    void connectionNamesTheServices() throws Exception {
        // given
        demoCluster("connection");

        // when
        String connection =
                world.run(
                        "get",
                        "--raw",
                        "/apis/middleware.paas.io/v1/namespaces/connection/middlewareclusters/demo/connection");

        // then
        assertThat(connection)
                .contains("\"host\":\"demo.db.svc\"")
                .contains("\"port\":7000")
                .contains("demo.connection.svc");
    }
}
