package io.paas.test.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {

    @Test
    void theNameOfAProcessMayContainAnything() {
        String stat = "4242 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 12 0 99 1000 20";

        assertThat(Usage.cpu(stat)).isEqualTo(2);
    }

    @Test
    void residentMemoryIsInMebibytes() {
        assertThat(Usage.resident("Name:\tjava\nVmHWM:\t  9999 kB\nVmRSS:\t  2048 kB\n"))
                .isEqualTo(2);
    }

    @Test
    void thisProcessHasUsedSomething() {
        Usage usage = Usage.of(ProcessHandle.current().pid());

        assertThat(usage.cpuSeconds()).isPositive();
        assertThat(usage.residentMiB()).isGreaterThan(10);
    }
}
