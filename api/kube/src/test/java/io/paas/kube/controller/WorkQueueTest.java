package io.paas.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkQueueTest {

    private final AtomicLong now = new AtomicLong(1_000);
    private final WorkQueue<String> queue = new WorkQueue<>(now::get);

    @Test
    void handsOutOnceWhatWasAddedTwice() {
        queue.add("a");
        queue.add("a");

        assertThat(queue.poll().key()).isEqualTo("a");
        assertThat(queue.poll()).isNull();
    }

    @Test
    void holdsBackAKeyThatIsWorkedOn() {
        queue.add("a");
        queue.poll();
        queue.add("a");

        assertThat(queue.poll()).isNull();
        queue.done("a");
        assertThat(queue.poll().key()).isEqualTo("a");
    }

    @Test
    void keepsTheOrderOfArrival() {
        queue.add("b");
        queue.add("a");
        queue.add("b");

        assertThat(queue.poll().key()).isEqualTo("b");
        assertThat(queue.poll().key()).isEqualTo("a");
    }

    @Test
    void theEarliestDelayCounts() {
        queue.addAfter("a", Duration.ofSeconds(10));
        queue.addAfter("a", Duration.ofSeconds(2));
        queue.addAfter("a", Duration.ofSeconds(5));

        assertThat(queue.poll()).isNull();
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(queue.poll().key()).isEqualTo("a");
        queue.done("a");
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(queue.poll()).isNull();
    }

    @Test
    void measuresTheWaitFromTheFirstAdd() {
        queue.add("a");
        now.addAndGet(500);
        queue.add("a");
        now.addAndGet(500);

        assertThat(queue.poll().waited()).isEqualTo(1_000);
    }

    @Test
    void handsOutNothingAfterClose() throws InterruptedException {
        queue.add("a");
        queue.close();

        assertThat(queue.take()).isNull();
    }
}
