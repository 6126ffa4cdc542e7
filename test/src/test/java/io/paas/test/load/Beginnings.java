package io.paas.test.load;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;

/// Keeps many lists of the same key in the memory of one. They only grow at their ends, so that
/// each is a beginning of the longest; minutes of reads would otherwise fill the heap.
final class Beginnings {

    private final Map<String, List<Long>> longest = new HashMap<>();

    /// The same list, of which nothing is kept but its length if it is as expected.
    synchronized List<Long> keep(String key, List<Long> list) {
        List<Long> known = longest.computeIfAbsent(key, _ -> new ArrayList<>());
        int common = Math.min(known.size(), list.size());
        if (!known.subList(0, common).equals(list.subList(0, common))) {
            return List.copyOf(list);
        }
        known.addAll(list.subList(common, list.size()));
        return new Beginning(known, list.size());
    }

    /// INVARIANT: the longest list changes behind its first `size` numbers only.
    private static final class Beginning extends AbstractList<Long> implements RandomAccess {

        private final List<Long> longest;
        private final int size;

        private Beginning(List<Long> longest, int size) {
            this.longest = longest;
            this.size = size;
        }

        @Override
        public Long get(int index) {
            return longest.get(Objects.checkIndex(index, size));
        }

        @Override
        public int size() {
            return size;
        }
    }
}
