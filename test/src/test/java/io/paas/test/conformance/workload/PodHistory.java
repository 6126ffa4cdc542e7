package io.paas.test.conformance.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.Response;
import okio.BufferedSource;

/// Everything that happened to the Pods of a namespace, in the API server's order, from its opening
/// on.
final class PodHistory implements AutoCloseable {

    /// One event and all the Pods there were after it, by ordinal.
    record Moment(String type, Pod pod, Map<Integer, Pod> present) {

        long ready() {
            return present.values().stream().filter(Pod::isReady).count();
        }

        @Override
        public String toString() {
            return type + " " + pod + " -> " + present.values();
        }
    }

    private final Response response;
    private final List<Moment> moments = new ArrayList<>();

    private PodHistory(Response response) {
        this.response = response;
    }

    /// Begins with an ADDED for each Pod that is there.
    static PodHistory open(KubeApi api, String path) {
        try {
            PodHistory history = new PodHistory(api.watch(path + "?watch=true"));
            Thread.ofVirtual().name("pod-history").start(history::read);
            return history;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Moment> moments() {
        return List.copyOf(moments);
    }

    /// Where to begin to look at what comes next.
    int now() {
        return moments().size();
    }

    List<Moment> since(int begin) {
        List<Moment> all = moments();
        return all.subList(begin, all.size());
    }

    List<Integer> created(int begin) {
        return ordinals(begin, "ADDED");
    }

    /// In the order in which they were gone.
    List<Integer> deleted(int begin) {
        return ordinals(begin, "DELETED");
    }

    private List<Integer> ordinals(int begin, String type) {
        return since(begin).stream()
                .filter(moment -> moment.type().equals(type))
                .map(moment -> moment.pod().ordinal())
                .toList();
    }

    @Override
    public void close() {
        response.close();
    }

    private void read() {
        BufferedSource source = response.body().source();
        Map<Integer, Pod> present = new TreeMap<>();
        try {
            for (String line; (line = source.readUtf8Line()) != null; ) {
                var event = KubeApi.parse(line);
                String type = event.path("type").asText();
                Pod pod = new Pod(event.path("object"));
                if (type.equals("DELETED")) {
                    present.remove(pod.ordinal());
                } else {
                    present.put(pod.ordinal(), pod);
                }
                synchronized (this) {
                    moments.add(new Moment(type, pod, new TreeMap<>(present)));
                }
            }
        } catch (IOException | IllegalStateException closed) {
            // close() ends the stream; a case that misses events sees too few of them and fails.
        }
    }
}
