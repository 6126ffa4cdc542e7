package io.paas.kube.controller;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.EventsV1Event;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1ObjectReference;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.client.ResourceClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes Events of events.k8s.io/v1 in the background; never blocks and never fails its caller.
///
/// The same thing said again about the same object becomes a series on the first Event (KEP-383),
/// and one object gets at most a burst of 25 and then one each 5 minutes, as client-go's spam
/// filter does. When the server is slow, Events are dropped: they are help, not state.
public final class KubeEventRecorder implements EventRecorder, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KubeEventRecorder.class);
    private static final int WAITING = 256;
    private static final int REMEMBERED = 4096;
    private static final int BURST = 25;
    private static final Duration REFILL = Duration.ofMinutes(5);
    private static final Duration SERIES_ENDS = Duration.ofMinutes(6);
    private static final int LONGEST_NOTE = 1024;
    private static final String ELLIPSIS = "…";

    private record Saying(
            @Nullable String uid, String type, String action, String reason, String note) {}

    private record Series(ObjectKey event, int count, Instant last) {}

    private record Tokens(double left, Instant at) {}

    private final ResourceClient<EventsV1Event> events;
    private final String controller;
    private final String instance;
    private final Clock clock;
    private final ExecutorService writer;
    private final Map<Saying, Series> series = bounded();
    private final Map<String, Tokens> tokens = bounded();

    /// A recorder for one controller.
    ///
    /// @param instance this process, usually the Pod's name
    public KubeEventRecorder(
            ResourceClient<EventsV1Event> events, String controller, String instance, Clock clock) {
        this.events = events;
        this.controller = controller;
        this.instance = instance;
        this.clock = clock;
        this.writer =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING),
                        Thread.ofVirtual().name("events").factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public void normal(KubernetesObject regarding, String action, String reason, String note) {
        writer.execute(() -> record(regarding, "Normal", action, reason, note));
    }

    @Override
    public void warning(KubernetesObject regarding, String action, String reason, String note) {
        writer.execute(() -> record(regarding, "Warning", action, reason, note));
    }

    @Override
    public void close() {
        writer.shutdown();
    }

    private void record(
            KubernetesObject regarding, String type, String action, String reason, String note) {
        V1ObjectMeta about = regarding.getMetadata();
        Instant now = clock.instant();
        if (!mayWrite(String.valueOf(about.getUid()), now)) {
            return;
        }
        Saying saying = new Saying(about.getUid(), type, action, reason, note);
        Series known = series.get(saying);
        try {
            if (known != null && known.last().plus(SERIES_ENDS).isAfter(now)) {
                series.put(saying, again(known, now));
            } else {
                series.put(saying, first(regarding, saying, now));
            }
        } catch (ApiFailure | IllegalStateException e) {
            series.remove(saying);
            log.debug("an Event about {} was lost: {}", about.getName(), e.getMessage());
        }
    }

    private Series first(KubernetesObject regarding, Saying saying, Instant now) {
        V1ObjectMeta about = regarding.getMetadata();
        // Events of cluster-scoped objects live in `default`, as kube-apiserver's validation says.
        String namespace = about.getNamespace() == null ? "default" : about.getNamespace();
        String name = about.getName() + "." + Long.toHexString(now.toEpochMilli() * 1_000_000L);
        EventsV1Event event =
                new EventsV1Event()
                        .metadata(new V1ObjectMeta().namespace(namespace).name(name))
                        .eventTime(micros(now))
                        .type(saying.type())
                        .action(saying.action())
                        .reason(saying.reason())
                        .note(shortened(saying.note()))
                        .reportingController(controller)
                        .reportingInstance(instance)
                        .regarding(reference(regarding));
        return new Series(ObjectKey.of(events.create(event)), 1, now);
    }

    private Series again(Series known, Instant now) {
        JsonObject counted = new JsonObject();
        counted.addProperty("count", known.count() + 1);
        counted.add("lastObservedTime", new JsonPrimitive(microTime(now)));
        JsonObject body = new JsonObject();
        body.add("series", counted);
        events.patch(known.event(), new Patch.Merge(body));
        return new Series(known.event(), known.count() + 1, now);
    }

    private boolean mayWrite(String uid, Instant now) {
        Tokens before = tokens.getOrDefault(uid, new Tokens(BURST, now));
        double gained = (double) Duration.between(before.at(), now).toMillis() / REFILL.toMillis();
        double left = Math.min(BURST, before.left() + gained);
        tokens.put(uid, new Tokens(left >= 1 ? left - 1 : left, now));
        return left >= 1;
    }

    private static V1ObjectReference reference(KubernetesObject object) {
        V1ObjectMeta about = object.getMetadata();
        return new V1ObjectReference()
                .apiVersion(object.getApiVersion())
                .kind(object.getKind())
                .namespace(about.getNamespace())
                .name(about.getName())
                .uid(about.getUid())
                .resourceVersion(about.getResourceVersion());
    }

    private static OffsetDateTime micros(Instant now) {
        return now.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    /// metav1.MicroTime wants exactly six digits.
    private static String microTime(Instant now) {
        return java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
                .format(micros(now));
    }

    /// kube-apiserver counts bytes.
    static String shortened(String note) {
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_NOTE) {
            return note;
        }
        int end = LONGEST_NOTE - ELLIPSIS.getBytes(StandardCharsets.UTF_8).length;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--; // not within a character
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + ELLIPSIS;
    }

    private static <A, B> Map<A, B> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<A, B> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
