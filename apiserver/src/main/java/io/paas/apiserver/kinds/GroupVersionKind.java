package io.paas.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.paas.apiserver.request.Trees;

/// Names a kind.
public record GroupVersionKind(String group, String version, String kind) {

    public static final String GROUP = "middleware.paas.io";
    public static final String VERSION = "v1";
    public static final String API_VERSION = GROUP + "/" + VERSION;

    /// A kind of this server.
    public static GroupVersionKind ours(String kind) {
        return new GroupVersionKind(GROUP, VERSION, kind);
    }

    public ObjectNode toJson() {
        return Trees.object().put("group", group).put("version", version).put("kind", kind);
    }
}
