package io.paas.test.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Lists in memory; what else happens to a request is the test's.
class FakeDatabase implements Database {

    private final Map<String, List<Long>> lists = new ConcurrentHashMap<>();
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean closed;

    /// Called before each write.
    void beforeAppend(long number, boolean fresh) throws Exception {}

    /// Called before each read.
    void beforeRead(boolean fresh) throws Exception {}

    @Override
    public final void append(String key, long number, boolean fresh) throws Exception {
        asked.incrementAndGet();
        beforeAppend(number, fresh);
        lists.compute(key, (_, list) -> with(list == null ? List.of() : list, number));
    }

    private static List<Long> with(List<Long> list, long number) {
        List<Long> longer = new ArrayList<>(list);
        longer.add(number);
        return List.copyOf(longer);
    }

    @Override
    public final List<Long> read(String key, boolean fresh) throws Exception {
        asked.incrementAndGet();
        beforeRead(fresh);
        return lists.getOrDefault(key, List.of());
    }

    /// As a server that had all of it in memory only.
    final void forget() {
        lists.clear();
    }

    @Override
    public final void close() {
        closed = true;
    }
}
