package io.paas.lifecycle;

/// A mistake in `lifecycle.yaml`; the message names file line and key.
public final class LifecycleConfigException extends RuntimeException {
    public LifecycleConfigException(String message) {
        super(message);
    }
}
