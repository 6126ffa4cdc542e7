package io.paas.test.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The writes in the order in which they came.
final class Ledger {

    private final List<FaultProxy.Seen> seen = new ArrayList<>();
    private final Map<Write, Integer> numbers = new HashMap<>();

    synchronized Write number(Write unnumbered) {
        Write write = unnumbered.numbered(numbers.merge(unnumbered, 1, Integer::sum));
        seen.add(new FaultProxy.Seen(write, System.nanoTime(), 0));
        return write;
    }

    synchronized void answered(Write write, int code) {
        seen.replaceAll(each -> each.write().equals(write) ? each.answered(code) : each);
    }

    synchronized List<FaultProxy.Seen> seen() {
        return List.copyOf(seen);
    }

    synchronized void startAnew() {
        seen.clear();
        numbers.clear();
    }
}
