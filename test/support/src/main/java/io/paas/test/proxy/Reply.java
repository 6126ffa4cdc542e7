package io.paas.test.proxy;

import com.google.gson.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;

/// A whole answer.
record Reply(int code, Map<String, String> headers, String body) {

    static Reply of(HttpResponse<?> answer, String body) {
        return new Reply(answer.statusCode(), headers(answer), body);
    }

    static Map<String, String> headers(HttpResponse<?> answer) {
        Map<String, String> headers = new TreeMap<>();
        for (String name : new String[] {"Content-Type", "Retry-After", "Warning", "Audit-Id"}) {
            answer.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
        }
        return headers;
    }

    /// An answer of code and reason as kube-apiserver words it.
    ///
    /// @param retryAfter whether it asks to come back after a second
    static Reply status(int code, String reason, String message, boolean retryAfter) {
        Map<String, String> headers = new TreeMap<>(Map.of("Content-Type", "application/json"));
        if (retryAfter) {
            headers.put("Retry-After", "1");
        }
        return new Reply(code, headers, statusObject(code, reason, message).toString());
    }

    static JsonObject statusObject(int code, String reason, String message) {
        JsonObject status = new JsonObject();
        status.addProperty("kind", "Status");
        status.addProperty("apiVersion", "v1");
        status.add("metadata", new JsonObject());
        status.addProperty("status", "Failure");
        status.addProperty("message", message);
        status.addProperty("reason", reason);
        status.addProperty("code", code);
        return status;
    }
}
