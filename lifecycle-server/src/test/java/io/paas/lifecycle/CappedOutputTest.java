package io.paas.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CappedOutputTest {
    @Test
    void keepsShortOutputAsItIs() throws IOException {
        assertThat(read("0123456789", 10)).isEqualTo("0123456789");
        assertThat(read("", 10)).isEmpty();
    }

    @Test
    void keepsTheStartAndTheEndOfLongOutput() throws IOException {
        assertThat(read("0123456789abcdefghij", 8))
                .startsWith("01\n[... 12 bytes cut")
                .endsWith("efghij");
        assertThat(read("0123456789", 0)).contains("");
    }

    @Test
    void namesVariablesByTheParameters() {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("replicasPerMaster", 2);
        parameters.addProperty("a-b", "x y");
        JsonObject topology = new JsonObject();
        topology.addProperty("walMode", "fast");
        topology.addProperty("a-b", "of the topology");
        parameters.add("topologyParameters", topology);
        parameters.add("members", new JsonArray());

        assertThat(HookEnvironment.of(parameters))
                .containsEntry("LC_REPLICAS_PER_MASTER", "2")
                .containsEntry("LC_A_B", "x y")
                .containsEntry("LC_WAL_MODE", "fast")
                .hasSize(3);
    }

    private static String read(String text, int limit) throws IOException {
        CappedOutput output = new CappedOutput(limit);
        output.drain(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        return output.text();
    }
}
