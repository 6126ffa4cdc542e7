package io.paas.controllers.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.paas.api.v1.Kind;
import io.paas.kube.client.ApiFailure;
import io.paas.kube.client.KubeClient;
import io.paas.kube.client.ObjectKey;
import io.paas.kube.client.Patch;
import io.paas.kube.metrics.Metrics;
import io.paas.test.support.KubeApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What admission refuses of a cluster's static and dynamic groups: the CRD and the policy
/// mwc-catalog, with a catalog as the controllers write it. Its API server is its own, because the
/// policy would judge the clusters of other tests.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GroupPolicyIT {

    private static final String CATALOG =
            """
            {"metadata": {"name": "catalog"}, "types": {"pools": {"extensions": {"1.0.0": {
              "versions": ["1"], "upgradableFrom": [], "paths": [], "staticGroups": ["core", "worker"],
              "scalesIn": %s, "topologies": {
                "pools": {"parameters": {},
                  "groups": {"nodes":
                    {"staticGroup": "core", "unit": "pod", "minimum": 2, "maximum": 3, "default": 2}},
                  "extraGroups": {"worker":
                    {"staticGroup": "worker", "unit": "pod", "minimum": 1, "maximum": 5, "default": 1}}},
                "fixed": {"parameters": {}, "extraGroups": {},
                  "groups": {"nodes":
                    {"staticGroup": "core", "unit": "pod", "minimum": 2, "maximum": 3, "default": 2}}}}
            }}}}}""";
    private static final ObjectKey DEMO = new ObjectKey("default", "demo");
    private static final String LARGE = "{\"name\": \"large\", \"from\": \"worker\"}";
    private static final String JOBS = "{\"name\": \"jobs\", \"staticGroup\": \"large\"}";

    private final KubeApiServer server = KubeApiServer.start();
    private final KubeClient kube =
            KubeClient.withToken(
                    server.url(), server.adminToken(), server.ca(), "it", new Metrics());

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeAll
    void install() {
        Path manifests = Path.of("../apiservice-manifests");
        server.kubectl("apply", "-f", manifests.resolve("crds").toString());
        server.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
        kube.of(Kind.EXTENSION_CATALOG).create("", json(CATALOG.formatted(false)));
        for (String policy : List.of("mwc-catalog", "mwc-ordinals")) {
            server.kubectl(
                    "apply", "-f", manifests.resolve("policies/" + policy + ".yaml").toString());
        }
        // A policy is in force some time after it was created.
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            boolean refused = create("nowhere", "", "").contains("spec.topology");
                            create("pools", "", "{\"name\": \"nodes\", \"replicas\": 3}");
                            String named = edit("[]", nodes(3, "'7'"));
                            delete();
                            return refused && named.contains("offlineOrdinals");
                        });
    }

    @AfterEach
    void delete() {
        server.kubectl("delete", "middlewareclusters", "--all", "-n", "default");
    }

    @Test
    void allowsGroupsOfTheUsersOwnWhereTheTopologyDoes() {
        assertThat(create("pools", LARGE, JOBS)).isEqualTo("created");
        assertThat(edit("[" + LARGE + "]", "[" + JOBS.replace("}", ", \"replicas\": 5}") + "]"))
                .isEqualTo("changed");
        assertThat(edit("[" + LARGE + "]", "[" + JOBS + "]"))
                .as("fewer Pods of a group of the user's own")
                .isEqualTo("changed");
        assertThat(edit("[" + LARGE + "]", "[]")).isEqualTo("changed");
        assertThat(edit("[]", "[]")).isEqualTo("changed");
    }

    @Test
    void refusesGroupsThatTheTopologyDoesNotHave() {
        assertThat(create("pools", "", "{\"name\": \"gnomes\"}"))
                .contains(
                        "spec.dynamicGroups: gnomes is not a group of topology pools; its groups:"
                                + " nodes; a group of your own names its staticGroup, here one made"
                                + " from: worker");
        assertThat(create("fixed", LARGE, JOBS))
                .contains(
                        "spec.dynamicGroups[jobs].staticGroup: topology fixed has no further groups"
                                + " of worker; allowed: none");
        assertThat(create("pools", "", "{\"name\": \"more\", \"staticGroup\": \"core\"}"))
                .contains("has no further groups of core; allowed: worker");
        assertThat(create("pools", "", "{\"name\": \"nodes\", \"staticGroup\": \"worker\"}"))
                .contains("spec.dynamicGroups[nodes].staticGroup: must be core or made from it");
    }

    @Test
    void refusesStaticGroupsWithoutATemplate() {
        assertThat(create("pools", "{\"name\": \"large\"}", ""))
                .contains(
                        "spec.staticGroups[large].from: large is not a static group of pools 1.0.0;"
                                + " its static groups: core, worker");
        assertThat(create("pools", "{\"name\": \"core\", \"from\": \"worker\"}", ""))
                .contains("spec.staticGroups[core].from: must be unset");
        assertThat(create("pools", "", JOBS))
                .contains(
                        "spec.dynamicGroups[jobs].staticGroup: there is no static group large; there"
                                + " are: core, worker");
    }

    @Test
    void refusesToRemoveAStaticGroupInUse() {
        create("pools", LARGE, JOBS);

        assertThat(edit("[]", "[" + JOBS + "]"))
                .contains(
                        "spec.dynamicGroups[jobs].staticGroup: there is no static group large",
                        "One that a group uses cannot be removed");
        assertThat(edit("[{\"name\": \"large\", \"from\": \"core\"}]", "[" + JOBS + "]"))
                .contains("spec.staticGroups.from: cannot be changed");
    }

    @Test
    void keepsTheTopologysOwnGroups() {
        create("pools", "", "{\"name\": \"nodes\", \"replicas\": 3}");

        assertThat(edit("[]", "[]"))
                .contains(
                        "spec.dynamicGroups[nodes].replicas: cannot decrease from 3 to 2; pools 1.0.0"
                                + " declares no hook preScaleIn");
        assertThat(edit("[]", nodes(0, ""))).contains("at least 2 pods are needed");
    }

    @Test
    void ordinalsLeaveAndComeBackByName() {
        scalesIn(true);
        create("pools", "", "{\"name\": \"nodes\", \"replicas\": 3}");

        assertThat(edit("[]", nodes(2, ""))).as("by number").isEqualTo("changed");
        assertThat(edit("[]", nodes(3, ""))).isEqualTo("changed");
        assertThat(edit("[]", nodes(2, "'1'"))).as("by name").isEqualTo("changed");
        assertThat(edit("[]", nodes(3, "'1'"))).as("another one joins").isEqualTo("changed");
        assertThat(edit("[]", nodes(2, "'1'"))).isEqualTo("changed");
        assertThat(edit("[]", nodes(3, ""))).as("it comes back").isEqualTo("changed");
        assertThat(edit("[]", "[]")).as("the topology's own size").isEqualTo("changed");
        assertThat(edit("[]", nodes(2, "'0'")))
                .as("against the topology's size")
                .contains("spec.dynamicGroups[nodes].replicas: must be 1 with this change");
        scalesIn(false);
    }

    @Test
    void refusesOrdinalsThatFitNothing() {
        scalesIn(true);
        create("pools", "", "{\"name\": \"nodes\", \"replicas\": 3}");

        assertThat(edit("[]", nodes(2, "'7'")))
                .contains(
                        "spec.dynamicGroups[nodes].offlineOrdinals: 7 names an ordinal that does not"
                                + " exist; allowed are ordinals of the running set, the highest of"
                                + " which is 2");
        assertThat(edit("[]", nodes(3, "'1'")))
                .contains(
                        "spec.dynamicGroups[nodes].replicas: must be 2 with this change of"
                                + " offlineOrdinals, not 3");
        assertThat(edit("[]", nodes(3, "'0-2'"))).contains("names all ordinals of the running set");
        assertThat(edit("[]", nodes(2, "'1', '1'"))).contains("Duplicate value");
        assertThat(edit("[]", nodes(2, "'1', '0-1'"))).contains("may be listed once");
        assertThat(edit("[]", nodes(2, "'x'"))).contains("offlineOrdinals[0]");
        assertThat(edit("[]", "[{\"name\": \"nodes\", \"offlineOrdinals\": [\"1\"]}]"))
                .contains("spec.dynamicGroups.replicas: must be set together with offlineOrdinals");
        scalesIn(false);
    }

    private void scalesIn(boolean allowed) {
        kube.of(Kind.EXTENSION_CATALOG)
                .patch(
                        new ObjectKey("", "catalog"),
                        new Patch.Merge(json(CATALOG.formatted(allowed))));
        // Admission reads it from a cache.
        await().until(
                        () -> {
                            create("pools", "", "{\"name\": \"nodes\", \"replicas\": 3}");
                            boolean shrinks = edit("[]", nodes(2, "")).equals("changed");
                            delete();
                            return shrinks == allowed;
                        });
    }

    private static String nodes(int replicas, String offline) {
        return "[{\"name\": \"nodes\", \"replicas\": %d, \"offlineOrdinals\": [%s]}]"
                .formatted(replicas, offline.replace('\'', '"'));
    }

    @Test
    void refusesSizesAndNamesThatCannotBe() {
        assertThat(create("pools", LARGE, JOBS.replace("}", ", \"replicas\": 6}")))
                .contains(
                        "spec.dynamicGroups[jobs].replicas: 6 Pods are 6 pods; at most 5 pods are"
                                + " allowed");
        assertThat(create("pools", LARGE, JOBS.replace("}", ", \"replicas\": 0}")))
                .contains("at least 1 pod is needed");
        assertThat(create("pools", LARGE, JOBS + ", " + JOBS)).contains("Duplicate value");
        assertThat(create("pools", LARGE + ", " + LARGE, "")).contains("Duplicate value");
        assertThat(create("pools", LARGE, JOBS.replace("jobs", "primary")))
                .contains("spec.dynamicGroups.name: must be");
        assertThat(create("pools", LARGE, JOBS.replace("jobs", "Jobs")))
                .contains("spec.dynamicGroups.name: must be");
    }

    private String create(String topology, String staticGroups, String dynamicGroups) {
        String body =
                """
                {"metadata": {"name": "demo", "namespace": "default"}, "spec": {"type": "pools",
                 "extensionVersion": "1.0.0", "version": "1", "topology": "%s",
                 "staticGroups": [%s], "dynamicGroups": [%s]}}"""
                        .formatted(topology, staticGroups, dynamicGroups);
        try {
            kube.of(Kind.MIDDLEWARE_CLUSTER).create("default", json(body));
            return "created";
        } catch (ApiFailure refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private String edit(String staticGroups, String dynamicGroups) {
        String body =
                "{\"spec\": {\"staticGroups\": %s, \"dynamicGroups\": %s}}"
                        .formatted(staticGroups, dynamicGroups);
        try {
            kube.of(Kind.MIDDLEWARE_CLUSTER).patch(DEMO, new Patch.Merge(json(body)));
            return "changed";
        } catch (ApiFailure refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
