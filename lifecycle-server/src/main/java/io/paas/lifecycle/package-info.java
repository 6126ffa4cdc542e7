/// The lifecycle server: answers `POST /<api>` by running the extension's command for it.
///
/// 1. `lifecycle.yaml` is read once at start; a mistake in it stops the start with key and line.
/// 2. A call becomes a [Run], named by its idempotency key; the same key finds the same run.
/// 3. [HookRunner] starts the command below `launcher exec`, which gives it descriptor 3, a
///    deadline and an end of its whole process tree.
/// 4. The exit code becomes an HTTP code ([Outcome]); finished runs are kept on disk so that a
///    restarted agent answers for them and never runs a hook twice.
@NullMarked
package io.paas.lifecycle;

import org.jspecify.annotations.NullMarked;
