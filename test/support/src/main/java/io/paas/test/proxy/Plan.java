package io.paas.test.proxy;

import org.jspecify.annotations.Nullable;

/// Says what happens to each write. Called on the thread of the connection, before the write is
/// forwarded; several writes may be asked about at once.
@FunctionalInterface
public interface Plan {

    Plan NONE = _ -> null;

    /// Null when the write goes through.
    @Nullable WriteFault faultOf(Write write);
}
