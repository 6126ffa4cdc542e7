package io.paas.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.test.support.KubeApiServer;
import io.paas.test.support.KubeApiServerExtension;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/// Negative controls: each violation is committed by hand and seen; the same done right is not.
@ExtendWith(KubeApiServerExtension.class)
@Isolated("what it measures is time")
class SafetyObserverIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Api api;
    private String namespace;
    private SafetyObserver observer;

    SafetyObserverIT(KubeApiServer server) {
        this.api = new Api(server);
    }

    @BeforeEach
    void open() {
        namespace =
                api.create(
                                "/api/v1/namespaces",
                                "{\"metadata\": {\"generateName\": \"observer-\"}}")
                        .orFail()
                        .at("/metadata/name")
                        .asText();
        observer = SafetyObserver.open(api, namespace);
    }

    @AfterEach
    void close() throws Exception {
        observer.close();
    }

    @Test
    void staysSilentWhenAPodIsReplacedProperly() throws Exception {
        startPod("s-0", "0");
        startPod("s-1", "1");
        end("s-1");
        forget("s-1");

        startPod("s-1", "1");

        Await.until("the second s-1", SOON, () -> created("s-1") == 2);
        assertThat(observer.violations()).isEmpty();
    }

    @Test
    void seesAPodCreatedBesideOneThatWasForcedAway() throws Exception {
        startPod("s-0", "0");
        forget("s-0");

        startPod("s-0", "0");

        awaitViolation("2 live Pods of ordinal 0");
    }

    @Test
    void seesTwoPodsThatClaimOneOrdinal() throws Exception {
        startPod("s-0", "0");

        startPod("other", "0");

        awaitViolation("2 live Pods of ordinal 0");
    }

    @Test
    void seesTwoUnavailableWhereOneIsAllowed() throws Exception {
        startPod("s-0", "0");
        startPod("s-1", "1");
        end("s-0");
        assertThat(observer.violations()).isEmpty();

        end("s-1");

        awaitViolation("unavailable at once: ordinals [0, 1]; allowed: 1");
    }

    @Test
    void allowsWhatWasAskedToGo() throws Exception {
        startPod("s-0", "0");
        startPod("s-1", "1");
        observer.letGo("1");

        end("s-0");
        end("s-1");
        forget("s-1");

        Await.until("s-1 to go", SOON, () -> deleted("s-1") == 1);
        assertThat(observer.violations()).isEmpty();
    }

    @Test
    void seesAClaimDeletedUnasked() throws Exception {
        createClaim("asked");
        createClaim("unasked");
        observer.letClaimGo("asked");

        api.delete(Api.CLAIMS.formatted(namespace) + "/asked", "").orFail();
        api.delete(Api.CLAIMS.formatted(namespace) + "/unasked", "").orFail();

        awaitViolation("claim unasked was deleted, and nobody asked for it");
        assertThat(observer.violations()).hasSize(1);
    }

    @Test
    void seesOneCreationAndOneDeletionTooMany() throws Exception {
        observer.allowNoMoreThan(
                new SafetyObserver.Counts(Map.of("pods s-0", 1), Map.of("pods s-0", 0)));
        startPod("s-0", "0");
        end("s-0");
        assertThat(observer.violations()).isEmpty();

        forget("s-0");
        awaitViolation("pods s-0 was deleted 1 times, in the reference run 0 times");
        startPod("s-0", "0");

        awaitViolation("pods s-0 was created 2 times, in the reference run 1 times");
    }

    private void awaitViolation(String text) throws InterruptedException {
        Await.until(
                "violation: " + text,
                SOON,
                () -> observer.violations().stream().anyMatch(said -> said.startsWith(text)));
    }

    private int created(String pod) {
        return observer.counts().created().getOrDefault("pods " + pod, 0);
    }

    private int deleted(String pod) {
        return observer.counts().deleted().getOrDefault("pods " + pod, 0);
    }

    /// A Ready Pod on a node; returns when the observer knows it.
    private void startPod(String name, String ordinal) throws InterruptedException {
        int before = created(name);
        api.create(
                        pods(),
                        """
                        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s",
                           "labels": {"apps.kubernetes.io/pod-index": "%s"},
                           "ownerReferences": [{"apiVersion": "paas.io/v1", "kind": "ExPodSet",
                             "name": "s", "uid": "1-2-3", "controller": true}]},
                         "spec": {"nodeName": "node-0",
                           "containers": [{"name": "main", "image": "image"}]}}"""
                                .formatted(name, ordinal))
                .orFail();
        status(name, "Running", "True");
        Await.until("the observer to see " + name, SOON, () -> created(name) > before);
    }

    /// Its node says that it ended.
    private void end(String name) throws InterruptedException {
        status(name, "Succeeded", "False");
        // Nothing to wait for but the event itself; the observer reads it within milliseconds.
        Thread.sleep(300);
    }

    private void forget(String name) {
        api.delete(
                        pods() + "/" + name,
                        """
                        {"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0}""")
                .orFail();
    }

    private void status(String name, String phase, String ready) {
        api.merge(
                        pods() + "/" + name + "/status",
                        """
                        {"status": {"phase": "%s", "conditions": [
                          {"type": "Ready", "status": "%s"}]}}"""
                                .formatted(phase, ready))
                .orFail();
    }

    private void createClaim(String name) {
        api.create(
                        Api.CLAIMS.formatted(namespace),
                        """
                        {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                         "metadata": {"name": "%s", "finalizers": []},
                         "spec": {"accessModes": ["ReadWriteOnce"],
                           "resources": {"requests": {"storage": "1Gi"}}}}"""
                                .formatted(name))
                .orFail();
    }

    private String pods() {
        return Api.PODS.formatted(namespace);
    }
}
