/// Caches fed by list and watch.
///
/// 1. List in pages, most recent data first; replace the store.
/// 2. Watch from the list's resource version, with bookmarks.
/// 3. Apply each event to the store in the server's order, then tell the handlers.
/// 4. On any failure wait with exponential backoff and jitter, then watch again; on 410 list again.
@NullMarked
package io.paas.kube.informer;

import org.jspecify.annotations.NullMarked;
