# shellcheck shell=bash
# Configuration files of an instance's components, and the objects it needs in Kubernetes.

write_all() {
    local name
    write_certificates
    for name in controller-manager scheduler proxy kubelet; do kubeconfig "$name"; done
    write_containerd
    write_kubelet
    write_proxy
    write_dns
    write_volumes
    write_addons
    # Last: its presence says that everything above is there.
    kubeconfig admin
}

# restrict_oom_score_adj: the machine may lack CAP_SYS_RESOURCE, without which runc fails to lower it.
# The `ptp` plugin routes every packet between Pods through this namespace, so that the answers of a
# Service are translated back; on a bridge that would need br_netfilter.
write_containerd() {
    cat >"$STATE/conf/containerd.toml" <<END
version = 3
root = "$STATE/containerd"
state = "/run/containerd-state"
[grpc]
  address = "$STATE/containerd.sock"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "$NODE_IMAGE"
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "$STATE/conf/cni"
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
      SystemdCgroup = false
END
    cat >"$STATE/conf/cni/10-pods.conflist" <<END
{"cniVersion": "1.0.0", "name": "pods", "plugins": [
  {"type": "ptp", "ipMasq": false,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_CIDR"}]],
            "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
END
}

# failCgroupV1, KubeletInUserNamespace (it tolerates missing capabilities) and oomScoreAdj: the
# machines of CI are containers or small VMs with hybrid cgroups.
write_kubelet() {
    echo "nameserver $DNS_IP" >"$STATE/conf/resolv.conf"
    cat >"$STATE/conf/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $STATE/pki/ca.crt}
authorization: {mode: Webhook}
cgroupDriver: cgroupfs
cgroupRoot: /middleware-$INSTANCE
clusterDNS: [$DNS_IP]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix://$STATE/containerd.sock
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
failCgroupV1: false
failSwapOn: false
featureGates: {KubeletInUserNamespace: true}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
maxPods: 250
oomScoreAdj: 0
registryPullQPS: 0
resolvConf: $STATE/conf/resolv.conf
syncFrequency: 10s
tlsCertFile: $STATE/pki/kubelet.crt
tlsPrivateKeyFile: $STATE/pki/kubelet.key
END
}

write_proxy() {
    cat >"$STATE/conf/proxy.yaml" <<END
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: $STATE/proxy.conf}
clusterCIDR: $POD_CIDR
conntrack: {maxPerCore: 0, min: 0, tcpCloseWaitTimeout: 0s, tcpEstablishedTimeout: 0s}
hostnameOverride: node
mode: nftables
nftables: {minSyncPeriod: 100ms}
oomScoreAdj: 0
END
}

# Port 10053 on the node; the Service kube-dns brings port 53 to it.
write_dns() {
    cat >"$STATE/conf/Corefile" <<END
.:10053 {
    bind $NODE_IP
    errors
    ready 127.0.0.1:8181
    cache 5
    kubernetes cluster.local in-addr.arpa {
        kubeconfig $STATE/admin.conf
    }
}
END
}

write_volumes() {
    cat >"$STATE/conf/volumes.json" <<END
{"nodePathMap": [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": ["$STATE/volumes"]}]}
END
    cat >"$STATE/conf/volumes-helper.yaml" <<END
apiVersion: v1
kind: Pod
metadata: {name: helper-pod}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - {name: helper-pod, image: "$NODE_IMAGE", imagePullPolicy: Never}
END
}

write_addons() {
    cat >"$STATE/conf/addons.yaml" <<END
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec:
  clusterIP: $DNS_IP
  ports:
  - {name: dns, port: 53, protocol: UDP, targetPort: 10053}
  - {name: dns-tcp, port: 53, protocol: TCP, targetPort: 10053}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: kube-dns
  namespace: kube-system
  labels: {kubernetes.io/service-name: kube-dns, endpointslice.kubernetes.io/managed-by: hack-cluster}
addressType: IPv4
ports:
- {name: dns, port: 10053, protocol: UDP}
- {name: dns-tcp, port: 10053, protocol: TCP}
endpoints:
- {addresses: [$NODE_IP]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: volume-helper, namespace: kube-system}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: volume-scripts, namespace: kube-system}
data:
  setup: |
    #!/bin/sh
    set -eu
    mkdir -m 0777 -p "\$VOL_DIR"
  teardown: |
    #!/bin/sh
    set -eu
    rm -rf "\$VOL_DIR"
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: local-path
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
provisioner: rancher.io/local-path
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
END
}
