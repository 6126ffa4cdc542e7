package io.paas.kube.client;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/// How to delete one object. A precondition that does not hold answers [ApiFailure.Conflict].
public record DeleteOptions(@Nullable String uid, @Nullable String propagationPolicy) {

    public static final DeleteOptions PLAIN = new DeleteOptions(null, null);

    /// Deletes exactly the object that was seen, never a successor of the same name.
    public static DeleteOptions ofUid(@Nullable String uid) {
        return new DeleteOptions(uid, null);
    }

    public DeleteOptions propagating(String policy) {
        return new DeleteOptions(uid, policy);
    }

    JsonObject body() {
        JsonObject body = new JsonObject();
        body.addProperty("apiVersion", "v1");
        body.addProperty("kind", "DeleteOptions");
        if (propagationPolicy != null) {
            body.addProperty("propagationPolicy", propagationPolicy);
        }
        if (uid != null) {
            JsonObject preconditions = new JsonObject();
            preconditions.addProperty("uid", uid);
            body.add("preconditions", preconditions);
        }
        return body;
    }
}
