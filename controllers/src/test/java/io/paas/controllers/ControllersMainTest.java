package io.paas.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.Retry;
import io.paas.token.KeyPublisher;
import io.paas.token.ProcessTokenMinter;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ControllersMainTest {

    @Test
    void waitsForAKubeApiServerThatIsAway() throws InterruptedException {
        List<String> published = new ArrayList<>();
        KeyPublisher publisher =
                new KeyPublisher() {
                    private int calls;

                    @Override
                    public void publish(String keyId, String publicKey, String ownPrefix) {
                        if (calls++ < 2) {
                            throw ApiFailure.of(new IOException("connection refused"));
                        }
                        published.add(keyId);
                    }

                    @Override
                    public void withdraw(String keyId) {}
                };

        ProcessTokenMinter minter =
                ControllersMain.minter(
                        "controllers-0",
                        publisher,
                        InstantSource.system(),
                        new Retry(Duration.ofSeconds(5), new Random(1)));

        assertThat(published).containsExactly(minter.keyId());
    }
}
