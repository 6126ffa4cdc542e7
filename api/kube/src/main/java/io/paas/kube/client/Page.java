package io.paas.kube.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One answer to a list call.
///
/// @param next the token of the next page, null on the last one
public record Page<T>(List<T> items, String resourceVersion, @Nullable String next) {}
