package io.paas.test.load;

import io.paas.test.load.Operation.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Histories as tests write them: times in milliseconds, operations due when their first attempts
/// begin unless said otherwise.
final class Histories {

    static final String KEY = "k";

    static History history(int length, Operation... operations) {
        return new History(Arrays.asList(operations), ms(length));
    }

    static Operation write(long number, Attempt... attempts) {
        return write(KEY, number, attempts);
    }

    static Operation write(String key, long number, Attempt... attempts) {
        return operation(Kind.WRITE, key, number, attempts[0].begin(), attempts);
    }

    static Operation writeDue(int due, Attempt... attempts) {
        return operation(Kind.WRITE, KEY, due, ms(due), attempts);
    }

    static Operation read(Attempt... attempts) {
        return operation(Kind.READ, KEY, 0, attempts[0].begin(), attempts);
    }

    private static Operation operation(
            Kind kind, String key, long number, Duration due, Attempt... attempts) {
        Attempt retry = attempts.length == 1 ? null : attempts[1];
        return new Operation(kind, key, number, due, attempts[0], retry);
    }

    static Attempt ok(int begin, int end, Long... seen) {
        return new Attempt(ms(begin), ms(end), new Outcome.Ok(List.of(seen)));
    }

    static Attempt failed(int begin, int end) {
        return new Attempt(ms(begin), ms(end), new Outcome.Failed("refused"));
    }

    static Attempt unknown(int begin, int end) {
        return new Attempt(ms(begin), ms(end), new Outcome.Unknown("no answer"));
    }

    static Duration ms(int time) {
        return Duration.ofMillis(time);
    }

    private Histories() {}
}
