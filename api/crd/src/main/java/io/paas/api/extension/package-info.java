/// The content of an extension package: parsing, and what is wrong with it by key and line.
///
/// 1. [YamlReader] turns each YAML key into a tree that knows its lines.
/// 2. [ManifestReader] reads `extension.yaml` into records; unknown fields, wrong types and missing
///    ones become [Problem]s.
/// 3. [References] checks what the records say of each other.
/// 4. [PodChecks] holds each `pod.<staticGroup>.yaml` against core/v1's PodTemplateSpec
///    ([ModelShape]), Pod Security *restricted* with the platform's deny list ([PodRules]) and the
///    placeholders that exist ([Placeholders]).
///
/// Nothing is thrown for a broken package: all of its problems are found in one go.
@NullMarked
package io.paas.api.extension;

import org.jspecify.annotations.NullMarked;
