/// Turns package ConfigMaps into Extensions, and these into the catalog that admission reads.
///
/// 1. A ConfigMap in `middleware-extensions` is one version of an extension, by its two labels.
/// 2. Its content becomes the Extension `<type>-<version>`. Valid content is never exchanged: other
///    content under the same version sets `DigestChanged`, a deleted ConfigMap sets `SourceGone`.
/// 3. A finalizer keeps an Extension while a cluster or one of its revisions names it.
/// 4. What is valid and has a source stands in the ExtensionCatalog.
@NullMarked
package io.paas.controllers.extension;

import org.jspecify.annotations.NullMarked;
