package io.paas.test.bench;

import java.util.List;
import java.util.Locale;

/// How often a contestant may call kube-apiserver.
enum Limits {
    /// As each of them is shipped.
    SHIPPED("as shipped"),
    /// The same for both, and as many workers.
    EQUAL("equal"),
    /// So high that no contestant reaches them: the machine is the limit.
    NONE("none");

    /// Of the controllers, as shipped; kube-controller-manager has 5 StatefulSet workers.
    static final int WORKERS = 16;

    private static final int UNREACHED = 10_000;

    private final String text;

    Limits(String text) {
        this.text = text;
    }

    static Limits of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /// Both processes have flags of these names.
    List<String> flags(int qps) {
        int most = this == NONE ? UNREACHED : qps;
        return this == SHIPPED
                ? List.of()
                : List.of("--kube-api-qps=" + most, "--kube-api-burst=" + 2 * most);
    }

    @Override
    public String toString() {
        return text;
    }
}
