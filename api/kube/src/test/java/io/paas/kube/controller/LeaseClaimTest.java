package io.paas.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.kubernetes.client.extended.leaderelection.Lock;
import io.kubernetes.client.openapi.ApiException;
import io.paas.kube.controller.LeaseClaim.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseClaimTest {

    private final AtomicLong now = new AtomicLong();
    private final Server server = new Server();
    private final LeaseHold hold = new LeaseHold(Duration.ofSeconds(10), now::get);
    private final LeaseClaim claim = claim("a", hold);

    @Test
    void takesALeaseThatIsNotThere() {
        assertThat(claim.take()).isTrue();
        assertThat(hold.isOpen()).isTrue();
        assertThat(claim.keep()).isEqualTo(Outcome.KEPT);
    }

    @Test
    void waitsTheWholeDurationSinceItSawTheLastRenewal() {
        LeaseClaim other = other();
        other.take();
        assertThat(claim.take()).isFalse();
        pass(14);
        other.keep();
        assertThat(claim.take()).as("renewed meanwhile").isFalse();
        pass(14);
        assertThat(claim.take()).isFalse();
        pass(1);
        assertThat(claim.take()).isTrue();
        assertThat(server.record.getLeaderTransitions()).isEqualTo(1);
    }

    /// A clock that jumps must not make two leaders.
    @Test
    void doesNotBelieveTheTimesInTheLease() {
        other().take();
        server.record.setRenewTime(Date.from(Instant.EPOCH));

        assertThat(claim.take()).isFalse();
    }

    @Test
    void takesAtOnceWhatWasGivenBack() {
        LeaseClaim other = other();
        other.take();
        assertThat(claim.take()).isFalse();

        other.giveBack();

        assertThat(claim.take()).isTrue();
    }

    /// The container was restarted: its Pod, and so its name, is the same.
    @Test
    void takesAtOnceWhatAFormerLifeHeld() {
        claim.take();

        assertThat(claim("a", hold).take()).isTrue();
    }

    @Test
    void hasLostWhatAnotherTook() {
        claim.take();
        LeaseClaim other = other();
        other.take();
        pass(15);
        other.take();

        assertThat(claim.keep()).isEqualTo(Outcome.LOST);
        claim.giveBack();
        assertThat(server.record.getHolderIdentity()).isEqualTo("b");
    }

    @Test
    void hasLostWhatANewLifeOfItsNameTook() {
        claim.take();
        claim("a", new LeaseHold(Duration.ofSeconds(10), now::get)).take();

        assertThat(claim.keep()).isEqualTo(Outcome.LOST);
    }

    @Test
    void hasLostALeaseThatWasDeleted() {
        claim.take();
        server.record = null;

        assertThat(claim.keep()).isEqualTo(Outcome.LOST);
    }

    @Test
    void staysLeaderBehindAShutFenceWhileNobodyAnswers() {
        claim.take();
        server.isAway = true;
        pass(60);
        assertThat(claim.keep()).isEqualTo(Outcome.NO_ANSWER);
        assertThat(hold.isOpen()).isFalse();

        server.isAway = false;

        assertThat(claim.keep()).isEqualTo(Outcome.KEPT);
        assertThat(hold.isOpen()).isTrue();
    }

    /// Read before the other's write, written after it.
    @Test
    void losesARace() {
        LeaseClaim other = other();
        other.take();
        other.giveBack();
        server.beforeUpdate =
                () -> claim("c", new LeaseHold(Duration.ofSeconds(10), now::get)).take();

        assertThat(claim.take()).isFalse();
        assertThat(hold.isOpen()).isFalse();
    }

    /// What client-java throws for a Lease without fields.
    @Test
    void takesALeaseThatSomebodyEmptied() {
        other().take();
        server.isEmpty = true;

        assertThat(claim.take()).isTrue();
        assertThat(claim.keep()).isEqualTo(Outcome.KEPT);
    }

    private void pass(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private LeaseClaim other() {
        return claim("b", new LeaseHold(Duration.ofSeconds(10), now::get));
    }

    private LeaseClaim claim(String identity, LeaseHold itsHold) {
        return new LeaseClaim(server.lock(identity), Duration.ofSeconds(15), itsHold, now::get);
    }

    /// One Lease with a resource version.
    private static final class Server {

        private @Nullable LeaderElectionRecord record;
        private int version;
        private boolean isAway;
        private boolean isEmpty;
        private @Nullable Runnable beforeUpdate;

        Lock lock(String identity) {
            return new Lock() {
                private int read;

                @Override
                public LeaderElectionRecord get() throws ApiException {
                    if (isAway || record == null) {
                        throw new ApiException(isAway ? 503 : 404, "no");
                    }
                    read = version;
                    if (isEmpty) {
                        throw new NullPointerException();
                    }
                    return copy(record);
                }

                @Override
                public boolean create(LeaderElectionRecord created) {
                    return record == null && write(created);
                }

                @Override
                public boolean update(LeaderElectionRecord updated) {
                    Runnable first = beforeUpdate;
                    beforeUpdate = null;
                    if (first != null) {
                        first.run();
                    }
                    return read == version && write(updated);
                }

                private boolean write(LeaderElectionRecord written) {
                    // A renewal never looks like the one before it.
                    written.setRenewTime(Date.from(Instant.ofEpochMilli(++version)));
                    record = copy(written);
                    isEmpty = false;
                    read = version;
                    return true;
                }

                @Override
                public String identity() {
                    return identity;
                }

                @Override
                public String describe() {
                    return "test";
                }
            };
        }

        private static LeaderElectionRecord copy(LeaderElectionRecord from) {
            LeaderElectionRecord to = new LeaderElectionRecord();
            to.setHolderIdentity(from.getHolderIdentity());
            to.setLeaseDurationSeconds(from.getLeaseDurationSeconds());
            to.setLeaderTransitions(from.getLeaderTransitions());
            to.setAcquireTime(from.getAcquireTime());
            to.setRenewTime(from.getRenewTime());
            return to;
        }
    }
}
