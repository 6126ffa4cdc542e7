package io.paas.pid1;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.wire.ChangeState;
import io.paas.wire.DesiredState;
import io.paas.wire.ProcessState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Black box: the container's end, the control protocol, and what outlives a restart.
@Timeout(60)
class LauncherControlTest {
    private static final String SLEEP =
            """
            service db
            argv /bin/sleep
            argv 1000
            backoff-ms 50 1000
            stop TERM 5000
            stop KILL 0
            """;
    private static final String STUBBORN =
            SLEEP.replace(
                    "argv /bin/sleep\nargv 1000",
                    LauncherProcessTest.sh("trap '' TERM; while :; do sleep 0.1; done"));

    @TempDir private Path directory;

    @Test
    void neverLosesATermAroundItsStart() {
        for (int delay = 0; delay <= 40; delay += 4) {
            try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
                launcher.hostPid();
                TestLauncher.sleep(delay);

                launcher.signal("TERM");

                assertThat(launcher.awaitExit(5)).isEqualTo(128 + 15);
            }
        }
    }

    @Test
    void exitsWithTheProcesssOwnCode() {
        String graceful =
                SLEEP.replace(
                        "argv /bin/sleep\nargv 1000",
                        LauncherProcessTest.sh("trap 'exit 7' TERM; while :; do sleep 0.1; done"));
        try (TestLauncher launcher = TestLauncher.start(directory, graceful)) {
            launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(200);

            launcher.signal("TERM");

            assertThat(launcher.awaitExit(5)).isEqualTo(7);
        }
    }

    @Test
    void exitsPromptlyFromBackoff() {
        String failing = "service db\nargv /bin/sh\nargv -c\nargv exit 3\nbackoff-ms 60000 60000\n";
        try (TestLauncher launcher = TestLauncher.start(directory, failing)) {
            launcher.await(s -> s.state() == ProcessState.BACKOFF);

            launcher.signal("TERM");

            assertThat(launcher.awaitExit(1)).isEqualTo(3);
        }
    }

    @Test
    void translatesTheStopSignal() {
        String mapped =
                SLEEP.replace(
                                "argv /bin/sleep\nargv 1000",
                                LauncherProcessTest.sh(
                                        "trap 'exit 9' INT; while :; do sleep 0.1; done"))
                        + "signal TERM INT\n";
        try (TestLauncher launcher = TestLauncher.start(directory, mapped)) {
            launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(200);

            launcher.signal("TERM");

            assertThat(launcher.awaitExit(4)).isEqualTo(9);
        }
    }

    @Test
    void keepsAUsersStopAcrossContainers() {
        try (TestLauncher first = TestLauncher.start(directory, SLEEP)) {
            first.await(ServiceStatus::isRunning);
            first.request("c1", "STOP db graceful -1");
            first.awaitChange("c1");
            first.signal("TERM");
            assertThat(first.awaitExit(5)).as("stopped on purpose").isZero();
        }
        try (TestLauncher second = TestLauncher.start(directory, SLEEP)) {
            TestLauncher.sleep(200);
            assertThat(second.status().state()).isEqualTo(ProcessState.STOPPED);
            assertThat(second.status().desired()).isEqualTo(DesiredState.STOPPED);
            second.request("c2", "START db");
            assertThat(second.awaitChange("c2").newPid()).isPositive();
        }
        Map<String, String> stopped = Map.of("MIDDLEWARE_PROCESS_STATE", "Stopped");
        try (TestLauncher third = TestLauncher.start(directory, SLEEP, stopped)) {
            third.await(ServiceStatus::isRunning);
        }
    }

    @Test
    void beginsStoppedIfThePodSaysSo() {
        Map<String, String> stopped = Map.of("MIDDLEWARE_PROCESS_STATE", "Stopped");
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP, stopped)) {
            TestLauncher.sleep(200);

            assertThat(launcher.status().state()).isEqualTo(ProcessState.STOPPED);
            assertThat(launcher.status().spawns()).isZero();
        }
    }

    @Test
    void restartsOncePerId() {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);
            launcher.request("c1", "RESTART db graceful -1");
            LauncherChange change = launcher.awaitChange("c1");

            String again = launcher.request("c1", "RESTART db graceful -1");

            assertThat(LauncherChange.parse(again.substring(3))).isEqualTo(change);
            assertThat(change.state()).isEqualTo(ChangeState.SUCCEEDED);
            assertThat(change.oldPid()).isEqualTo(before.pid());
            assertThat(change.newPid()).isEqualTo(launcher.status().pid());
            assertThat(launcher.status().spawns()).isEqualTo(2);
            assertThat(launcher.status().restarts()).as("not the launcher's decision").isZero();
            assertThat(launcher.request("c1", "STOP db graceful -1")).startsWith("ERR reused");
        }
    }

    @Test
    void refusesAnIdThatWasUsedWithAnotherModeOrGrace() {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);
            launcher.request("c1", "STOP db graceful 3000");
            launcher.awaitChange("c1");

            assertThat(launcher.request("c1", "STOP db force 3000")).startsWith("ERR reused");
            assertThat(launcher.request("c1", "STOP db graceful -1")).startsWith("ERR reused");
            assertThat(launcher.request("c1", "STOP db graceful 3000"))
                    .startsWith("OK id=c1")
                    .contains("old=" + before.pid());
        }
    }

    @Test
    void doesNothingWhenAlreadyThere() {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);

            launcher.request("c1", "START db");

            LauncherChange change = launcher.awaitChange("c1");
            assertThat(change.oldPid()).isEqualTo(change.newPid()).isEqualTo(before.pid());
            launcher.request("c2", "STOP db graceful -1");
            launcher.awaitChange("c2");
            launcher.request("c3", "STOP db graceful -1");
            assertThat(launcher.awaitChange("c3").state()).isEqualTo(ChangeState.SUCCEEDED);
        }
    }

    @Test
    void refusesASecondChangeButLetsForceOvertake() {
        try (TestLauncher launcher = TestLauncher.start(directory, STUBBORN)) {
            launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(100);
            launcher.request("c1", "STOP db graceful 60000");

            assertThat(launcher.request("c2", "RESTART db graceful -1")).startsWith("ERR busy");
            assertThat(launcher.request("c4", "STOP db force 1s")).startsWith("ERR bad-value");
            launcher.request("c3", "STOP db force -1");

            assertThat(launcher.awaitChange("c3").durationMillis()).isLessThan(2000);
            assertThat(launcher.awaitChange("c1").state()).isEqualTo(ChangeState.FAILED);
            assertThat(launcher.status().state()).isEqualTo(ProcessState.STOPPED);
        }
    }

    @Test
    void endsStoppedWhenAStopOvertakesARestart() {
        try (TestLauncher launcher = TestLauncher.start(directory, STUBBORN)) {
            launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(100);
            launcher.request("c1", "RESTART db graceful 60000");

            launcher.request("c2", "STOP db force -1");
            launcher.awaitChange("c2");
            TestLauncher.sleep(200);

            assertThat(launcher.status().state()).isEqualTo(ProcessState.STOPPED);
            assertThat(launcher.status().spawns()).isEqualTo(1);
        }
    }

    @Test
    void takesANewConfigurationWhileTheProcessRuns() {
        try (TestLauncher launcher = TestLauncher.start(directory, STUBBORN)) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(100);

            assertThat(launcher.request("k1", "CONFIG db grace-ms=100 restart=never"))
                    .isEqualTo("OK");
            assertThat(launcher.request("k2", "CONFIG db nonsense=1")).startsWith("ERR");
            assertThat(launcher.status().pid()).isEqualTo(before.pid());
            launcher.request("c1", "STOP db graceful -1");

            assertThat(launcher.awaitChange("c1").durationMillis()).isBetween(100L, 2000L);
        }
    }

    @Test
    void endsAOneShotAtItsDeadline() {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            launcher.await(ServiceStatus::isRunning);

            String reply = launcher.request("r1", "RUN 300 /bin/sh -c echo%20hi;sleep%20100");

            assertThat(reply).isEqualTo("OK exit=timeout truncated=0 out=hi%0A");
            assertThat(launcher.request("r1", "RUN 300 /bin/true")).isEqualTo(reply);
        }
    }

    @Test
    void refusesAFileWithAMistakeAndNamesItsLine() throws Exception {
        try (TestLauncher launcher =
                TestLauncher.start(directory, "service db\nargv /bin/true\nstop SIGTERM 1\n")) {
            assertThat(launcher.awaitExit(5)).isEqualTo(78);
            assertThat(launcher.log()).contains("services:5: bad directive or value: 'stop'");
        }
    }

    @Test
    void installsItselfAndTheExtension() throws Exception {
        Path extension = Files.createDirectories(directory.resolve("from/sub")).getParent();
        Files.writeString(extension.resolve("sub/start"), "#!/bin/sh\n")
                .toFile()
                .setExecutable(true);
        Path target = directory.resolve("run");

        for (int round = 0; round < 2; round++) {
            Process install =
                    new ProcessBuilder(
                                    TestLauncher.BINARY.toString(),
                                    "install",
                                    target.toString(),
                                    extension.toString())
                            .inheritIO()
                            .start();
            assertThat(install.waitFor()).isZero();
        }

        assertThat(target.resolve("bin/launcher")).hasSameBinaryContentAs(TestLauncher.BINARY);
        assertThat(target.resolve("bin/launcher")).isExecutable();
        assertThat(target.resolve("extension/sub/start")).isExecutable();
    }
}
