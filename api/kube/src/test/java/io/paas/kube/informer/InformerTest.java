package io.paas.kube.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.paas.kube.client.ListQuery;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.StubServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an informer does when kube-apiserver restarts, compacts, lies silent or ends watches.
class InformerTest {

    private final StubServer server = new StubServer();
    private final List<String> changes = new CopyOnWriteArrayList<>();
    private Informer<V1ConfigMap> informer;

    @AfterEach
    void close() {
        if (informer != null) {
            informer.close();
        }
        server.close();
    }

    /// A list "at least as new as nothing" (version 0) may come from a cache that lags: after a
    /// restart the process would see the past.
    @Test
    void listsWhatIsNewestAndInPages() {
        server.list(10, "second", "a").list(10, "", "b").holdWatch();

        start();

        soon(() -> server.watches().size() == 1);
        assertThat(server.lists()).extracting(StubServer.Seen::query).hasSize(2);
        assertThat(server.lists().get(0).query()).isEqualTo("limit=500");
        assertThat(server.lists().get(1).query()).contains("limit=500", "continue=second");
        assertThat(informer.list()).hasSize(2);
        assertThat(server.watches().getFirst().query()).contains("resourceVersion=10");
    }

    @Test
    void startsAgainWhenAPageHasExpired() {
        server.list(10, "second", "gone")
                .refuseList(410)
                .list(20, "second", "a")
                .list(20, "", "b")
                .holdWatch();

        start();

        soon(() -> informer.health().getFirst().synced());
        assertThat(changes).containsExactlyInAnyOrder("+a", "+b");
        assertThat(informer.storeVersion("ns")).isEqualTo(20);
    }

    @Test
    void asksForBookmarksAndGoesOnFromThem() {
        server.list(10, "").watch(StubServer.bookmark(42)).holdWatch();

        start();

        soon(() -> server.watches().size() == 2);
        assertThat(informer.storeVersion("ns")).isEqualTo(42);
        assertThat(server.watches().get(0).query()).contains("allowWatchBookmarks=true");
        assertThat(server.watches().get(1).query()).contains("resourceVersion=42");
        assertThat(server.lists()).hasSize(1);
    }

    @Test
    void watchesEndAtDifferentTimes() {
        server.list(10, "").watch(StubServer.bookmark(11));

        start();

        soon(() -> server.watches().size() >= 8);
        List<Integer> timeouts =
                server.watches().stream().map(watch -> timeoutSeconds(watch.query())).toList();
        assertThat(timeouts).allMatch(timeout -> timeout >= 300 && timeout < 600);
        assertThat(timeouts.stream().distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void listsAgainWhenItsVersionIsTooOldToWatch() {
        server.list(10, "", "a", "b").list(30, "", "b", "c").refuseWatch(410).holdWatch();

        start();

        soon(() -> informer.storeVersion("ns") == 30);
        soon(() -> changes.contains("-a"));
        assertThat(changes).containsExactlyInAnyOrder("+a", "+b", "~b", "+c", "-a");
        assertThat(informer.get(new ObjectKey("ns", "a"))).isNull();
        assertThat(server.lists()).hasSize(2);
    }

    @Test
    void listsAgainWhenAnOpenWatchExpires() {
        server.list(10, "", "a")
                .list(30, "")
                .watch(StubServer.event("ADDED", "b", 11), StubServer.error(410))
                .holdWatch();

        start();

        soon(() -> informer.storeVersion("ns") == 30);
        soon(() -> changes.size() == 4);
        assertThat(changes.subList(0, 2)).containsExactly("+a", "+b");
        assertThat(changes).contains("-a", "-b");
    }

    /// A restarting kube-apiserver refuses; the next watch goes on, without a list.
    @Test
    void doesNotListAgainAfterAServerError() {
        server.list(10, "", "a")
                .watch(StubServer.event("MODIFIED", "a", 11))
                .refuseWatch(503)
                .holdWatch(StubServer.event("MODIFIED", "a", 12));

        start();

        soon(() -> informer.storeVersion("ns") == 12);
        assertThat(server.lists()).hasSize(1);
        assertThat(server.watches().getLast().query()).contains("resourceVersion=11");
        assertThat(informer.health().getFirst().failures()).isZero();
    }

    @Test
    void comesBackMoreAndMoreSlowlyAndSaysSo() {
        server.refuseList(503);

        start();

        soon(() -> server.lists().size() == 4);
        long[] gaps = gaps(server.lists());
        // The upper half of 500, 1000 and 2000 ms is random.
        assertThat(gaps[0]).isGreaterThanOrEqualTo(250);
        assertThat(gaps[1]).isGreaterThanOrEqualTo(500);
        assertThat(gaps[2]).isGreaterThanOrEqualTo(1_000);
        assertThat(informer.health().getFirst().synced()).isFalse();
        assertThat(informer.health().getFirst().failures()).isGreaterThanOrEqualTo(3);
        assertThat(informer.health().getFirst().lastFailure()).isEqualTo("stub");
    }

    /// client-java's reflector would open the next one in the same instant, for ever.
    @Test
    void aWatchThatEndsAtOnceIsNotReopenedInAHotLoop() {
        server.list(10, "").watch();

        start();

        soon(() -> server.watches().size() == 3);
        assertThat(gaps(server.watches())[0]).isGreaterThanOrEqualTo(250);
        assertThat(gaps(server.watches())[1]).isGreaterThanOrEqualTo(500);
    }

    /// A proxy that keeps the connection and forwards nothing; the answer that the server would
    /// have given comes with the next watch.
    @Test
    void opensAnotherWatchWhenOneIsSilent() {
        server.list(10, "").holdWatch().holdWatch(StubServer.event("ADDED", "a", 11));

        start(Duration.ofMillis(300));

        soon(() -> informer.get(new ObjectKey("ns", "a")) != null);
        assertThat(server.lists()).hasSize(1);
        assertThat(informer.health().getFirst().failures()).isZero();
    }

    private void start() {
        start(Duration.ofMinutes(1));
    }

    private void start(Duration silence) {
        informer =
                new Informer<>(server.configMaps(silence), ListQuery.ALL)
                        .onChange(change -> changes.add(describe(change)))
                        .start();
    }

    private static void soon(BooleanSupplier holds) {
        await().atMost(Duration.ofSeconds(60)).until(holds::getAsBoolean);
    }

    private static long[] gaps(List<StubServer.Seen> requests) {
        return LongStream.range(1, requests.size())
                .map(i -> requests.get((int) i).nanos() - requests.get((int) i - 1).nanos())
                .map(nanos -> nanos / 1_000_000)
                .toArray();
    }

    private static int timeoutSeconds(String query) {
        return Integer.parseInt(query.replaceAll(".*timeoutSeconds=(\\d+).*", "$1"));
    }

    private static String describe(Informer.Change<V1ConfigMap> change) {
        String sign = change.before() == null ? "+" : change.after() == null ? "-" : "~";
        return sign + change.object().getMetadata().getName();
    }
}
