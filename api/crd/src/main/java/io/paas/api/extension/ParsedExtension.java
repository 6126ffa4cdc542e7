package io.paas.api.extension;

import java.util.List;

/// What a package turned out to be.
public sealed interface ParsedExtension {

    record Valid(ExtensionPackage extension) implements ParsedExtension {}

    /// A package that cannot be used.
    ///
    /// @param problems all of them, never empty, ordered by key and line
    record Invalid(List<Problem> problems) implements ParsedExtension {}
}
