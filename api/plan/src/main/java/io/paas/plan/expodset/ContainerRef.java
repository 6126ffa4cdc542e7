package io.paas.plan.expodset;

import java.util.Comparator;

/// A container of a Pod.
///
/// @param list the field of the Pod's spec that holds it: `containers` or `initContainers`
public record ContainerRef(String list, String name) implements Comparable<ContainerRef> {

    private static final Comparator<ContainerRef> ORDER =
            Comparator.comparing(ContainerRef::list).thenComparing(ContainerRef::name);

    @Override
    public int compareTo(ContainerRef other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return list + "/" + name;
    }
}
