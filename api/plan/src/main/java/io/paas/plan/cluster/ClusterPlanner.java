package io.paas.plan.cluster;

import io.paas.api.extension.ExtensionPackage;
import io.paas.api.extension.ExtensionPackage.MiddlewareVersion;
import io.paas.api.extension.ExtensionPackage.Parameter;
import io.paas.api.extension.ExtensionPackage.Topology;
import io.paas.api.extension.Parameters;
import io.paas.api.v1.MiddlewareCluster.DynamicGroup;
import io.paas.api.v1.ProcessState;
import io.paas.plan.cluster.ClusterPlan.Blocked;
import io.paas.plan.cluster.ClusterPlan.Objection;
import io.paas.plan.cluster.ClusterPlan.Run;
import io.paas.plan.expodset.OrdinalSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Decides at which revision a cluster runs and how large its groups are.
///
/// Admission refuses most impossible wishes already; it is asked again here because an object may
/// be older than a policy.
public final class ClusterPlanner {

    public static final String EXTENSION_NOT_READY = "ExtensionNotReady";
    public static final String INVALID_SPEC = "InvalidSpec";
    public static final String SECRET_NOT_FOUND = "AuthSecretNotFound";
    public static final String UPGRADE_NOT_SUPPORTED = "UpgradeNotSupported";
    public static final String TOPOLOGY_FIXED = "TopologyChangeNotSupported";
    public static final String SCALE_IN_NOT_SUPPORTED = "ScaleInNotSupported";
    public static final String INVALID_REPLICAS = "InvalidReplicas";

    /// Wishes because of which the rest of a spec is not followed either, and that no other size of
    /// a group takes away.
    public static final Set<String> HOLDING =
            Set.of(
                    EXTENSION_NOT_READY,
                    INVALID_SPEC,
                    SECRET_NOT_FOUND,
                    UPGRADE_NOT_SUPPORTED,
                    TOPOLOGY_FIXED);

    private final ClusterSnapshot cluster;
    private final List<Objection> objections = new ArrayList<>();

    private ClusterPlanner(ClusterSnapshot cluster) {
        this.cluster = cluster;
    }

    public static ClusterPlan plan(ClusterSnapshot cluster) {
        return new ClusterPlanner(cluster).plan();
    }

    private ClusterPlan plan() {
        Optional<Revision> current = cluster.current();
        return current.isPresent() ? follow(current.get()) : begin();
    }

    private ClusterPlan begin() {
        ClusterSnapshot.Installed extension = cluster.extension();
        if (extension == null) {
            return new Blocked(EXTENSION_NOT_READY, cluster.noExtension());
        }
        Optional<String> problem = problem(extension.content());
        if (problem.isPresent()) {
            return new Blocked(INVALID_SPEC, problem.get());
        }
        if (cluster.secretMissing().getAsBoolean()) {
            return new Blocked(SECRET_NOT_FOUND, secretNotFound());
        }
        Revision first = render(extension);
        List<ClusterPlan.Group> groups = groups(first);
        return objections.isEmpty()
                ? new Run(first, false, groups, List.of())
                : new Blocked(INVALID_SPEC, objections.getFirst().message());
    }

    private ClusterPlan follow(Revision current) {
        ClusterInputs stored = current.content().inputs();
        ClusterSnapshot.Installed extension = cluster.extension();
        ClusterInputs wanted =
                extension == null
                        ? ClusterInputs.of(cluster.spec(), stored.extension(), stored.digest())
                        : ClusterInputs.of(cluster.spec(), extension.name(), extension.digest());
        if (wanted.sameAs(stored)) {
            return run(current, true);
        }
        Optional<Objection> objection = objection(stored, wanted);
        if (objection.isPresent()) {
            objections.add(objection.get());
            return run(current, true);
        }
        return run(next(wanted, Objects.requireNonNull(extension)), false);
    }

    /// Going back takes what is stored: another platform version might render it differently.
    private Revision next(ClusterInputs wanted, ClusterSnapshot.Installed extension) {
        return cluster.stored(wanted)
                .map(old -> new Revision(old.name(), cluster.nextNumber(), old.content()))
                .orElseGet(() -> render(extension));
    }

    private Optional<Objection> objection(ClusterInputs stored, ClusterInputs wanted) {
        if (!stored.version().equals(wanted.version())
                || !stored.extensionVersion().equals(wanted.extensionVersion())) {
            return Optional.of(
                    new Objection(
                            UPGRADE_NOT_SUPPORTED,
                            "cannot change version "
                                    + stored.version()
                                    + " of extension version "
                                    + stored.extensionVersion()
                                    + " to "
                                    + wanted.version()
                                    + " of "
                                    + wanted.extensionVersion()
                                    + " yet; the cluster keeps what it has, set the old values"
                                    + " again"));
        }
        ClusterSnapshot.Installed extension = cluster.extension();
        if (extension == null) {
            return Optional.of(new Objection(EXTENSION_NOT_READY, cluster.noExtension()));
        }
        Optional<String> problem = problem(extension.content());
        if (problem.isPresent()) {
            return Optional.of(new Objection(INVALID_SPEC, problem.get()));
        }
        Topology topology = extension.content().topology(wanted.topology()).orElseThrow();
        Map<String, String> before = Parameters.effective(topology, stored.topologyParameters());
        Map<String, String> after = Parameters.effective(topology, wanted.topologyParameters());
        if (!before.equals(after)) {
            return Optional.of(
                    new Objection(
                            TOPOLOGY_FIXED,
                            "spec.topologyParameters: cannot change from "
                                    + before
                                    + " to "
                                    + after
                                    + " yet; the cluster keeps what it has"));
        }
        return cluster.secretMissing().getAsBoolean()
                ? Optional.of(new Objection(SECRET_NOT_FOUND, secretNotFound()))
                : Optional.empty();
    }

    /// What the extension has not; asked before it is rendered.
    private Optional<String> problem(ExtensionPackage extension) {
        String version = cluster.spec().version();
        if (extension.middlewareVersion(version).isEmpty()) {
            List<String> known =
                    extension.middlewareVersions().stream()
                            .map(MiddlewareVersion::version)
                            .toList();
            return Optional.of(
                    "spec.version: "
                            + version
                            + " is not supported; supported: "
                            + String.join(", ", known));
        }
        Optional<Topology> topology = extension.topology(cluster.spec().topology());
        if (topology.isEmpty()) {
            List<String> known = extension.topologies().stream().map(Topology::name).toList();
            return Optional.of(
                    "spec.topology: "
                            + cluster.spec().topology()
                            + " is unknown; known: "
                            + String.join(", ", known));
        }
        return parameterProblem(topology.get())
                .or(() -> GroupProblems.of(cluster.spec(), extension, topology.get()));
    }

    private Optional<String> parameterProblem(Topology topology) {
        for (Map.Entry<String, String> given : cluster.spec().topologyParameters().entrySet()) {
            String path = "spec.topologyParameters." + given.getKey() + ": ";
            Optional<Parameter> parameter = topology.parameter(given.getKey());
            if (parameter.isEmpty()) {
                List<String> known = topology.parameters().stream().map(Parameter::name).toList();
                return Optional.of(path + "is unknown; known: " + String.join(", ", known));
            }
            String problem = Parameters.problem(parameter.get(), given.getValue());
            if (problem != null) {
                return Optional.of(path + problem);
            }
        }
        return Optional.empty();
    }

    private Run run(Revision revision, boolean stored) {
        List<ClusterPlan.Group> groups = groups(revision);
        return new Run(revision, stored, groups, List.copyOf(objections));
    }

    private List<ClusterPlan.Group> groups(Revision revision) {
        return revision.content().groups().stream().map(this::group).toList();
    }

    private ClusterPlan.Group group(RevisionContent.Group content) {
        Optional<DynamicGroup> wish =
                cluster.spec().dynamicGroups().stream()
                        .filter(group -> group.name().equals(content.name()))
                        .findFirst();
        GroupSize wanted =
                new GroupSize(
                        wish.map(DynamicGroup::replicas)
                                .orElseGet(() -> content.size().defaultPods()),
                        wish.map(DynamicGroup::offlineOrdinals).orElse(List.of()));
        ProcessState state = wish.map(DynamicGroup::processState).orElse(ProcessState.RUNNING);
        return new ClusterPlan.Group(content, size(content, wanted), state);
    }

    private GroupSize size(RevisionContent.Group content, GroupSize wanted) {
        GroupState state = cluster.groups().get(content.name());
        GroupSize present = state == null || state.deleting() ? null : state.size();
        String path = "spec.dynamicGroups[" + content.name() + "].replicas: ";
        Optional<String> problem = content.size().problem(wanted.replicas());
        if (problem.isPresent()) {
            objections.add(new Objection(INVALID_REPLICAS, path + problem.get()));
            return present == null ? GroupSize.of(content.size().defaultPods()) : present;
        }
        if (present == null || present.without(wanted).isEmpty() || content.scalesIn()) {
            return wanted;
        }
        objections.add(
                new Objection(
                        SCALE_IN_NOT_SUPPORTED,
                        path
                                + "ordinals "
                                + OrdinalSet.text(present.without(wanted))
                                + " cannot leave: the extension declares no hook preScaleIn, so"
                                + " nobody would save what they hold; no Pod is removed, set "
                                + present.replicas()
                                + " again"));
        return present;
    }

    private Revision render(ClusterSnapshot.Installed extension) {
        ClusterInputs inputs =
                ClusterInputs.of(cluster.spec(), extension.name(), extension.digest());
        return Revision.of(
                cluster.name(),
                cluster.nextNumber(),
                ClusterRenderer.render(
                        cluster.name(),
                        cluster.namespace(),
                        extension.content(),
                        inputs,
                        cluster::contents));
    }

    private String secretNotFound() {
        String secret = Objects.requireNonNull(cluster.spec().authSecretRef()).name();
        return "Secret "
                + secret
                + " of spec.authSecretRef is not there; create it: kubectl create"
                + " secret generic "
                + secret
                + " -n "
                + cluster.namespace()
                + " --from-literal=password=...";
    }
}
