package io.paas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paas.wire.ServicesFile.Backoff;
import io.paas.wire.ServicesFile.Service;
import io.paas.wire.ServicesFile.StartLimit;
import io.paas.wire.ServicesFile.StopStep;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicesFileTest {
    @Test
    void writesEveryDirectiveInAFixedOrder() {
        Service service =
                new Service(
                        "db",
                        List.of("/bin/db", "--host", "$(POD_IP)", " two  spaces "),
                        Map.of("B", "x=y", "A", ""),
                        "/data",
                        RestartPolicy.ON_FAILURE,
                        new Backoff(200, 30_000),
                        new StartLimit(10, 300),
                        10_000,
                        List.of(new StopStep("TERM", 30_000), new StopStep("KILL", 0)),
                        Map.of("TERM", "INT"),
                        Map.of("nofile", 65_536L));

        String text = new ServicesFile(List.of(service)).toText();

        assertThat(text)
                .isEqualTo(
                        """
                        service db
                        argv /bin/db
                        argv --host
                        argv $(POD_IP)
                        argv \040two  spaces\040
                        env A=
                        env B=x=y
                        cwd /data
                        restart on-failure
                        backoff-ms 200 30000
                        start-limit 10 300
                        await-verdict-ms 10000
                        stop TERM 30000
                        stop KILL 0
                        signal TERM INT
                        rlimit nofile 65536
                        """);
    }

    @Test
    void refusesALineBreakThatWouldSmuggleInADirective() {
        assertThatThrownBy(() -> service("db", List.of("/bin/db", "x\nargv y")))
                .hasMessageContaining("line break");
    }

    @Test
    void refusesAnUnknownSignal() {
        assertThatThrownBy(() -> new StopStep("SIGTERM", 1)).hasMessageContaining("SIGTERM");
    }

    @Test
    void refusesANameThatCouldBeAPath() {
        assertThatThrownBy(() -> service("../db", List.of("/bin/db")))
                .hasMessageContaining("no service name");
    }

    @Test
    void refusesTheSameServiceTwice() {
        Service service = service("db", List.of("/bin/db"));

        assertThatThrownBy(() -> new ServicesFile(List.of(service, service)))
                .hasMessageContaining("stands twice");
    }

    private static Service service(String name, List<String> argv) {
        return new Service(
                name,
                argv,
                Map.of(),
                null,
                RestartPolicy.ALWAYS,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                Map.of());
    }
}
