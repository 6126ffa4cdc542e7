package io.paas.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.io.IOException;

/// Lets Jackson read and write client-java's models inside our records by way of [ModelGson]: the
/// models carry Gson adapters that Jackson does not know.
final class ModelModule extends SimpleModule {

    private static final ObjectMapper TREES = new ObjectMapper();

    ModelModule() {
        super("kubernetes-models");
        add(V1ObjectMeta.class);
    }

    private <T> void add(Class<T> type) {
        addSerializer(type, new Writer<>());
        addDeserializer(type, new Reader<>(type));
    }

    private static final class Writer<T> extends JsonSerializer<T> {
        @Override
        public void serialize(T value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            JsonNode tree = TREES.readTree(ModelGson.gson().toJson(value));
            // The models come with empty lists and maps; written, they would claim those fields.
            if (tree instanceof ObjectNode object) {
                object.properties().removeIf(field -> isEmptyContainer(field.getValue()));
            }
            out.writeTree(tree);
        }

        private static boolean isEmptyContainer(JsonNode node) {
            return node.isContainerNode() && node.isEmpty();
        }
    }

    private static final class Reader<T> extends JsonDeserializer<T> {
        private final Class<T> type;

        Reader(Class<T> type) {
            this.type = type;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            TreeNode tree = in.readValueAsTree();
            return ModelGson.gson().fromJson(tree.toString(), type);
        }
    }
}
