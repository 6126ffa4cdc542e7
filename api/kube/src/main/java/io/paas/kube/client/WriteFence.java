package io.paas.kube.client;

/// Decides whether this process may still write. Asked by many threads at once.
public interface WriteFence {

    /// True while nothing forbids that bytes of a write leave this process.
    boolean isOpen();

    /// Begins a write; false when it must not be sent. Follow true with [#end()].
    boolean tryBegin();

    /// The write has its answer, or will get none.
    void end();
}
