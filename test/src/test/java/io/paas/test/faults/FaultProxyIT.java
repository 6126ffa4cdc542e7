package io.paas.test.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paas.test.proxy.Door;
import io.paas.test.proxy.FaultProxy;
import io.paas.test.proxy.WriteFault;
import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the proxy does, seen by a plain HTTP client on the one side and at kube-apiserver on the
/// other.
@ExtendWith(KubeApiServerExtension.class)
@Isolated("what it measures is time")
class FaultProxyIT {

    private static final String ALL = "/api/v1/configmaps";

    private final KubeApiServer server;
    private final Api api;
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch killed = new CountDownLatch(1);
    private String namespace;
    private FaultProxy proxy;
    private Door door;

    FaultProxyIT(KubeApiServer server) {
        this.server = server;
        this.api = new Api(server);
    }

    @BeforeEach
    void open() {
        namespace =
                api.create("/api/v1/namespaces", "{\"metadata\": {\"generateName\": \"proxy-\"}}")
                        .orFail()
                        .at("/metadata/name")
                        .asText();
        proxy = FaultProxy.of(server, namespace);
        proxy.onKill(killed::countDown);
        door = proxy.open();
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        proxy.close();
    }

    @Test
    void passesRequestsOnAndNumbersTheWrites() throws Exception {
        assertThat(create("a").statusCode()).isEqualTo(201);
        assertThat(create("a").statusCode()).isEqualTo(409);
        assertThat(create("b").statusCode()).isEqualTo(201);
        assertThat(send("DELETE", maps() + "/a", "").statusCode()).isEqualTo(200);

        assertThat(proxy.writes().stream().map(seen -> seen.write().toString()))
                .containsExactly(
                        "create configmaps a #1",
                        "create configmaps a #2",
                        "create configmaps b #1",
                        "delete configmaps a #1");
    }

    @Test
    void showsOneNamespaceAsTheWholeCluster() throws Exception {
        create("a");

        String list = send("GET", ALL, "").body();

        assertThat(list).contains("\"name\":\"a\"").doesNotContain("kube-system");
        assertThatThrownBy(() -> send("GET", "/api/v1/namespaces/default/configmaps", ""))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "CONFLICT, 409, Conflict",
        "TOO_MANY_REQUESTS, 429, TooManyRequests",
        "INTERNAL_ERROR, 500, InternalError",
        "UNAVAILABLE, 503, ServiceUnavailable",
        "GATEWAY_TIMEOUT, 504, Timeout"
    })
    void answersInsteadOfTheServerOnce(WriteFault fault, int code, String reason) throws Exception {
        first(fault);

        HttpResponse<String> answer = create("a");

        assertThat(answer.statusCode()).isEqualTo(code);
        assertThat(Api.json(answer.body()).path("reason").asText()).isEqualTo(reason);
        assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(code == 429);
        assertThat(exists("a")).isFalse();
        assertThat(create("a").statusCode()).isEqualTo(201);
    }

    @Test
    void killsBeforeTheServerHearsOfIt() throws Exception {
        first(WriteFault.KILL_BEFORE);

        assertThatThrownBy(() -> create("a")).isInstanceOf(IOException.class);

        assertThat(killed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(exists("a")).isFalse();
        assertThatThrownBy(() -> create("b")).isInstanceOf(IOException.class);
        assertThat(exists("b")).isFalse();
    }

    @Test
    void killsAfterTheCommitAndCutsAllOtherConnections() throws Exception {
        first(WriteFault.KILL_AFTER);
        Iterator<String> watch = watch();

        assertThatThrownBy(() -> create("a")).isInstanceOf(IOException.class);

        assertThat(exists("a")).isTrue();
        assertThatThrownBy(() -> watch.forEachRemaining(_ -> {}))
                .isInstanceOf(java.io.UncheckedIOException.class);
        Door next = proxy.open();
        assertThat(next.isOpen()).isTrue();
        assertThat(door.isOpen()).isFalse();
    }

    @Test
    void dropsTheReplyOfACommittedWrite() throws Exception {
        first(WriteFault.DROP_REPLY);

        assertThatThrownBy(() -> create("a")).isInstanceOf(IOException.class);

        assertThat(exists("a")).isTrue();
        assertThat(create("b").statusCode()).isEqualTo(201);
    }

    @Test
    void hangsUntilTheClientGivesUp() throws Exception {
        first(WriteFault.HANG);

        assertThatThrownBy(() -> create("a")).isInstanceOf(HttpTimeoutException.class);

        assertThat(exists("a")).isFalse();
        assertThat(create("a").statusCode()).isEqualTo(201);
    }

    @Test
    void holdsEventsInTheirOrder() throws Exception {
        Iterator<String> watch = watch();
        long begin = System.nanoTime();
        proxy.watches().hold(Set.of("configmaps"), Duration.ofSeconds(1));

        create("a");
        create("b");

        assertThat(watch.next()).contains("\"name\":\"a\"");
        assertThat(System.nanoTime() - begin).isGreaterThan(900_000_000L);
        assertThat(watch.next()).contains("\"name\":\"b\"");
    }

    @Test
    void losesEventsAndEndsWith410() throws Exception {
        Iterator<String> watch = watch();
        proxy.watches().drop(Set.of("configmaps"), Duration.ofSeconds(1));

        create("lost");

        assertThat(watch.next()).contains("\"code\":410");
        assertThat(watch.hasNext()).isFalse();
    }

    @Test
    void cutsTheWatchesOfOneResourceOnly() throws Exception {
        Iterator<String> watch = watch();
        proxy.watches().cut(Set.of("secrets"));
        create("a");
        assertThat(watch.next()).contains("\"name\":\"a\"");

        proxy.watches().cut(Set.of("configmaps"));

        assertThatThrownBy(watch::hasNext).isInstanceOf(java.io.UncheckedIOException.class);
    }

    /// A server may answer from an old cache only who allows it.
    @Test
    void servesOldListsToThoseWhoAcceptThem() throws Exception {
        send("GET", ALL + "?limit=500", "");
        proxy.keepLists();
        create("new");

        assertThat(send("GET", ALL + "?limit=500", "").body()).contains("\"name\":\"new\"");
        assertThat(send("GET", ALL + "?limit=500&resourceVersion=0", "").body())
                .doesNotContain("\"name\":\"new\"");
        assertThat(proxy.oldListsServed()).isEqualTo(1);
    }

    private void first(WriteFault fault) {
        proxy.follow(write -> write.name().equals("a") && write.nth() == 1 ? fault : null);
    }

    private HttpResponse<String> create(String name) throws Exception {
        return send(
                "POST",
                maps(),
                """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}}"""
                        .formatted(name));
    }

    private boolean exists(String name) {
        return api.get(maps() + "/" + name).code() == 200;
    }

    private Iterator<String> watch() throws Exception {
        String version =
                Api.json(send("GET", ALL, "").body()).at("/metadata/resourceVersion").asText();
        return client.send(
                        request(ALL + "?watch=true&resourceVersion=" + version).build(),
                        BodyHandlers.ofLines())
                .body()
                .iterator();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return client.send(
                request(path)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(3))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(door.url() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + server.adminToken());
    }

    private String maps() {
        return "/api/v1/namespaces/" + namespace + "/configmaps";
    }
}
