package io.paas.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseHoldTest {

    private static final Duration VALID = Duration.ofSeconds(10);

    // Near the overflow, where System.nanoTime() may well stand.
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final LeaseHold hold = new LeaseHold(VALID, now::get);

    @Test
    void isShutBeforeTheFirstRenewal() {
        assertThat(hold.isOpen()).isFalse();
        assertThat(hold.tryBegin()).isFalse();
    }

    @Test
    void countsFromTheMomentBeforeTheRenewalWasSent() {
        long sentAt = now.get();
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        hold.renewed(sentAt);

        now.addAndGet(Duration.ofSeconds(6).toNanos() - 1);
        assertThat(hold.tryBegin()).isTrue();
        now.addAndGet(1);
        assertThat(hold.tryBegin()).isFalse();
    }

    @Test
    void opensAgainWithTheNextRenewal() {
        hold.renewed(now.get());
        now.addAndGet(VALID.toNanos());
        hold.renewed(now.get());

        assertThat(hold.isOpen()).isTrue();
    }

    @Test
    void shutsForEver() throws InterruptedException {
        hold.renewed(now.get());

        assertThat(hold.shut(Duration.ZERO)).isTrue();

        hold.renewed(now.get());
        assertThat(hold.isOpen()).isFalse();
        assertThat(hold.tryBegin()).isFalse();
    }

    @Test
    void saysWhenAWriteIsStillOnItsWay() throws InterruptedException {
        hold.renewed(now.get());
        hold.tryBegin();

        assertThat(hold.shut(Duration.ofMillis(1))).isFalse();
        assertThat(hold.isOpen()).as("its bytes do not pass any more").isFalse();
    }

    @Test
    void waitsForAWriteThatEnds() throws InterruptedException {
        hold.renewed(now.get());
        hold.tryBegin();
        Thread.ofVirtual().start(hold::end);

        assertThat(hold.shut(Duration.ofSeconds(10))).isTrue();
    }
}
