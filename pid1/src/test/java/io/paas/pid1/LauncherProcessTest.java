package io.paas.pid1;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.wire.ChangeState;
import io.paas.wire.DesiredState;
import io.paas.wire.ProcessState;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Black box: what the launcher does to processes. Every case runs it as PID 1.
@Timeout(60)
class LauncherProcessTest {
    private static final String SLEEP =
            """
            service db
            argv /bin/sleep
            argv 1000
            backoff-ms 50 1000
            stop TERM 300
            stop KILL 0
            """;

    @TempDir private Path directory;

    @Test
    void startsAKilledProcessAgainAtOnce() {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);
            long killed = System.nanoTime();

            launcher.run("kill -9 " + before.pid());

            ServiceStatus after = launcher.await(s -> s.isRunning() && s.pid() != before.pid());
            assertThat((System.nanoTime() - killed) / 1_000_000).isLessThan(3000);
            assertThat(after.restarts()).isEqualTo(1);
            assertThat(after.lastExit().signal()).isEqualTo(9);
        }
    }

    @Test
    void leavesNoZombieOfTenThousandOrphans() {
        try (TestLauncher launcher = TestLauncher.start(directory, SLEEP)) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);

            launcher.run(Path.of("target/orphans").toAbsolutePath() + " 10000");
            TestLauncher.sleep(1000);

            assertThat(launcher.run("grep -l '^State:.*Z' /proc/[0-9]*/status | wc -l"))
                    .isEqualTo("0");
            assertThat(launcher.status().pid()).isEqualTo(before.pid());
            assertThat(launcher.status().restarts()).isZero();
        }
    }

    @Test
    void killsAGroupThatIgnoresTermAtItsDeadline() {
        String stubborn =
                SLEEP.replace(
                        "argv /bin/sleep\nargv 1000",
                        sh("trap '' TERM; sleep 1000 & while :; do wait; done"));
        try (TestLauncher launcher = TestLauncher.start(directory, stubborn)) {
            launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(100);

            launcher.request("c1", "STOP db graceful -1");

            LauncherChange change = launcher.awaitChange("c1");
            assertThat(change.state()).isEqualTo(ChangeState.SUCCEEDED);
            assertThat(change.durationMillis()).isBetween(300L, 2000L);
            assertThat(launcher.status().lastExit().signal()).isEqualTo(9);
        }
    }

    @Test
    void isNotStoppedBeforeTheWholeGroupIsGone() {
        String group =
                SLEEP.replace(
                        "argv /bin/sleep\nargv 1000",
                        sh("(trap '' TERM; exec sleep 1234) & exec sleep 1000"));
        try (TestLauncher launcher = TestLauncher.start(directory, group)) {
            launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(100);

            launcher.request("c1", "STOP db graceful -1");
            TestLauncher.sleep(100);
            ServiceStatus between = launcher.status();
            LauncherChange change = launcher.awaitChange("c1");

            assertThat(between.state()).isEqualTo(ProcessState.STOPPING);
            assertThat(between.pid()).as("the leader is gone already").isZero();
            assertThat(change.durationMillis()).isGreaterThanOrEqualTo(300);
            assertThat(launcher.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '"))
                    .doesNotContain("1234");
        }
    }

    @Test
    void clearsAwayTheGroupOfADeadLeaderBeforeTheNextStart() {
        String group =
                SLEEP.replace(
                        "argv /bin/sleep\nargv 1000",
                        sh("(trap '' TERM; exec sleep 1234) & exec sleep 1000"));
        try (TestLauncher launcher = TestLauncher.start(directory, group)) {
            ServiceStatus before = launcher.await(ServiceStatus::isRunning);
            TestLauncher.sleep(100);

            launcher.run("kill -9 " + before.pid());
            launcher.await(s -> s.isRunning() && s.pid() != before.pid());
            TestLauncher.sleep(100);

            assertThat(launcher.run("pgrep -fc '^sleep 1234'"))
                    .as("only the new process's member")
                    .isEqualTo("1");
        }
    }

    @Test
    void givesUpAtTheStartLimitUntilAStart() {
        String failing = "service db\nargv /bin/false\nbackoff-ms 10 20\nstart-limit 3 60\n";
        try (TestLauncher launcher = TestLauncher.start(directory, failing)) {
            ServiceStatus failed = launcher.await(s -> s.state() == ProcessState.FAILED);
            assertThat(failed.spawns()).isEqualTo(3);
            assertThat(failed.lastExit().exitCode()).isEqualTo(1);
            assertThat(failed.problem()).contains("start limit");

            launcher.request("c1", "START db");

            launcher.await(s -> s.state() == ProcessState.FAILED && s.spawns() == 6);
        }
    }

    @Test
    void doublesTheBackoffUpToItsMaximum() {
        String failing = "service db\nargv /bin/false\nbackoff-ms 100 400\nstart-limit 5 60\n";
        long began = System.nanoTime();
        try (TestLauncher launcher = TestLauncher.start(directory, failing)) {
            launcher.await(s -> s.state() == ProcessState.FAILED);

            assertThat((System.nanoTime() - began) / 1_000_000)
                    .as("100 + 200 + 400 + 400")
                    .isBetween(1100L, 4000L);
        }
    }

    @Test
    void keepsTryingWhenTheProgramCanNotBeExecuted() {
        String missing = "service db\nargv /no/such/program\nbackoff-ms 10 20\nstart-limit 4 60\n";
        try (TestLauncher launcher = TestLauncher.start(directory, missing)) {
            ServiceStatus failed = launcher.await(s -> s.state() == ProcessState.FAILED);

            assertThat(failed.restarts()).isEqualTo(3);
            assertThat(failed.spawns()).isZero();
            assertThat(launcher.log()).contains("can not execute /no/such/program");
            launcher.request("c1", "START db");
            assertThat(launcher.awaitChange("c1").message()).contains("No such file");
        }
    }

    @Test
    void staysDownWhenStoppedDuringBackoff() {
        String failing = "service db\nargv /bin/false\nbackoff-ms 300 300\n";
        try (TestLauncher launcher = TestLauncher.start(directory, failing)) {
            launcher.await(s -> s.state() == ProcessState.BACKOFF);

            launcher.request("c1", "STOP db graceful -1");
            ServiceStatus stopped = launcher.status();
            TestLauncher.sleep(600);

            assertThat(stopped.state()).isEqualTo(ProcessState.STOPPED);
            assertThat(launcher.status()).isEqualTo(stopped);
        }
    }

    @Test
    void leavesAProcessDownThatEndedWellUnderOnFailure() {
        String once = "service db\nargv /bin/true\nrestart on-failure\nbackoff-ms 10 10\n";
        try (TestLauncher launcher = TestLauncher.start(directory, once)) {
            ServiceStatus ended = launcher.await(s -> s.lastExit() != null);
            TestLauncher.sleep(200);

            assertThat(launcher.status().state()).isEqualTo(ProcessState.STOPPED);
            assertThat(launcher.status().spawns()).isEqualTo(ended.spawns()).isEqualTo(1);
            assertThat(launcher.status().desired()).isEqualTo(DesiredState.RUNNING);
        }
    }

    @Test
    void expandsTheContainersEnvironmentAndUnblocksSignals() {
        String echo =
                """
                service db
                argv /bin/sh
                argv -c
                argv echo "$(WHO) $(NOBODY) $$(WHO) $GREETING"; grep SigBlk /proc/self/status; exec sleep 1000
                env GREETING=hi-$(WHO)
                cwd /tmp
                """;
        var env = java.util.Map.of("WHO", "pod-0");
        try (TestLauncher launcher = TestLauncher.start(directory, echo, env)) {
            launcher.await(s -> s.isRunning() && launcher.output().contains("SigBlk"));

            // The shell, not the launcher, runs $(NOBODY) and what $$ left.
            assertThat(launcher.output()).startsWith("pod-0 ").contains("hi-pod-0");
            assertThat(launcher.output()).containsPattern("SigBlk:\\s+0+\n");
        }
    }

    @Test
    void answersReadinessByDesireStateAndVerdict() throws IOException {
        int port = freePort();
        try (TestLauncher launcher =
                TestLauncher.start(directory, "ready-port " + port + "\n" + SLEEP)) {
            launcher.await(ServiceStatus::isRunning);
            assertThat(launcher.httpCode(port, "/readyz")).isEqualTo(200);

            launcher.request("v1", "VERDICT db bad");
            assertThat(launcher.httpCode(port, "/readyz")).isEqualTo(503);
            launcher.request("v2", "VERDICT db ok");
            assertThat(launcher.httpCode(port, "/readyz")).isEqualTo(200);

            launcher.request("c1", "STOP db graceful -1");
            assertThat(launcher.httpCode(port, "/readyz")).isEqualTo(503);
            assertThat(launcher.httpCode(port, "/else")).isEqualTo(404);
        }
    }

    @Test
    void isNotReadyBeforeItsFirstVerdict() {
        String judged = SLEEP + "await-verdict-ms 60000\n";
        try (TestLauncher launcher = TestLauncher.start(directory, judged)) {
            ServiceStatus first = launcher.await(ServiceStatus::isRunning);
            assertThat(first.ready()).isFalse();
            assertThat(first.verdict()).isEqualTo(Verdict.NONE);

            launcher.request("v1", "VERDICT db ok " + first.pid());
            assertThat(launcher.status().ready()).isTrue();

            launcher.request("c1", "RESTART db graceful -1");
            launcher.awaitChange("c1");
            String late = launcher.request("v2", "VERDICT db ok " + first.pid());
            assertThat(late).as("of the process before").startsWith("ERR not-found");
            assertThat(launcher.status().ready()).isFalse();
        }
    }

    @Test
    void becomesReadyWithoutAnybodyWhoJudges() {
        String judged = SLEEP + "await-verdict-ms 700\n";
        try (TestLauncher launcher = TestLauncher.start(directory, judged)) {
            ServiceStatus fresh = launcher.await(ServiceStatus::isRunning);
            ServiceStatus ready = launcher.await(ServiceStatus::ready);
            launcher.request("v1", "VERDICT db bad");
            TestLauncher.sleep(1000);

            assertThat(fresh.ready()).isFalse();
            assertThat(ready.pid()).isEqualTo(fresh.pid());
            assertThat(launcher.status().ready()).as("judged: nothing to wait for").isFalse();
        }
    }

    static String sh(String script) {
        return "argv /bin/sh\nargv -c\nargv " + script;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
