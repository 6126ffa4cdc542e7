package io.paas.lifecycle;

import io.paas.wire.HookReply;
import org.jspecify.annotations.Nullable;

/// What is kept on disk about a run.
///
/// @param bodyHash of the parameters, to tell a repetition from another call with the same key
/// @param reply absent while it runs
record RunRecord(String id, String api, String bodyHash, @Nullable HookReply reply) {}
