package io.paas.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KubeEventRecorderTest {

    /// A longer note is refused, and the Event with it.
    @Test
    void aNoteHasAtMost1024Bytes() {
        for (String text : new String[] {"a", "ä", "日", "🙂"}) {
            String shortened = KubeEventRecorder.shortened(text.repeat(1100));

            assertThat(shortened.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1018, 1024);
            assertThat(shortened).startsWith(text + text).endsWith(text + "…");
        }
        assertThat(KubeEventRecorder.shortened("a".repeat(1024))).hasSize(1024).endsWith("a");
    }
}
