package io.paas.apiserver.discovery;

import io.paas.apiserver.kinds.GroupVersionKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One line of the table that discovery, OpenAPI and dispatch are made from.
///
/// @param body kind of the request's body; null for GET
/// @param answer the answer's kind
/// @param schema the answer's record; null when another API describes the kind
public record Route(
        Parent parent,
        String subresource,
        Method method,
        @Nullable Class<? extends Record> body,
        GroupVersionKind answer,
        @Nullable Class<? extends Record> schema,
        String summary) {

    public enum Method {
        GET("get"),
        POST("create");

        private final String verb;

        Method(String verb) {
            this.verb = verb;
        }

        /// The RBAC verb.
        public String verb() {
            return verb;
        }
    }

    public Optional<GroupVersionKind> accepted() {
        return Optional.ofNullable(body).map(kind -> GroupVersionKind.ours(kind.getSimpleName()));
    }

    public String path() {
        return "/apis/%s/namespaces/{namespace}/%s/{name}/%s"
                .formatted(GroupVersionKind.API_VERSION, parent.plural(), subresource);
    }
}
