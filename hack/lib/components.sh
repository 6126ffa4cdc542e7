# shellcheck shell=bash
# The components of an instance: for each one, how it starts and when it is healthy. Functions are
# looked up by name (start_X, health_X).

# shellcheck disable=SC2034  # used by lib/node
COMPONENTS=(etcd kube_apiserver kube_controller_manager kube_scheduler containerd kubelet kube_proxy
    coredns local_path_provisioner)
# What needs the API server when it starts, and its certificates' users.
# shellcheck disable=SC2034  # used by lib/node
AFTER_APISERVER=(kube_controller_manager kube_scheduler kube_proxy)

answers() { curl --silent --fail --insecure --max-time 5 "$1"; }

# --unsafe-no-fsync: safe against killed processes, not against a power cut; halves the disk's part.
start_etcd() {
    run etcd "$(tool_path etcd etcd)" --name=node --data-dir="$STATE/etcd" \
        --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379 \
        --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 \
        --initial-cluster=node=http://127.0.0.1:2380 --unsafe-no-fsync --log-level=warn
}
health_etcd() { answers http://127.0.0.1:2379/health | grep -q '"health":"true"'; }

start_kube_apiserver() {
    local pki=$STATE/pki
    run kube_apiserver "$(tool_path kubernetes kube-apiserver)" \
        --advertise-address="$NODE_IP" --bind-address=0.0.0.0 --secure-port=6443 \
        --allow-privileged=true --authorization-mode=Node,RBAC \
        --client-ca-file="$pki/ca.crt" \
        --enable-admission-plugins=NodeRestriction \
        --enable-aggregator-routing=true \
        --etcd-servers=http://127.0.0.1:2379 \
        --kubelet-client-certificate="$pki/apiserver-kubelet.crt" \
        --kubelet-client-key="$pki/apiserver-kubelet.key" \
        --kubelet-certificate-authority="$pki/ca.crt" \
        --kubelet-preferred-address-types=InternalIP \
        --proxy-client-cert-file="$pki/front-proxy.crt" \
        --proxy-client-key-file="$pki/front-proxy.key" \
        --requestheader-allowed-names=front-proxy-client \
        --requestheader-client-ca-file="$pki/front-proxy-ca.crt" \
        --requestheader-extra-headers-prefix=X-Remote-Extra- \
        --requestheader-group-headers=X-Remote-Group \
        --requestheader-uid-headers=X-Remote-Uid \
        --requestheader-username-headers=X-Remote-User \
        --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file="$pki/service-accounts.pub" \
        --service-account-signing-key-file="$pki/service-accounts.key" \
        --service-cluster-ip-range="$SERVICE_CIDR" \
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key"
}
health_kube_apiserver() { answers https://127.0.0.1:6443/readyz; }

start_kube_controller_manager() {
    run kube_controller_manager "$(tool_path kubernetes kube-controller-manager)" \
        --bind-address=127.0.0.1 --kubeconfig="$STATE/controller-manager.conf" \
        --cluster-signing-cert-file="$STATE/pki/ca.crt" \
        --cluster-signing-key-file="$STATE/pki/ca.key" \
        --root-ca-file="$STATE/pki/ca.crt" \
        --service-account-private-key-file="$STATE/pki/service-accounts.key" \
        --use-service-account-credentials=true --leader-elect=false
}
health_kube_controller_manager() { answers https://127.0.0.1:10257/healthz; }

start_kube_scheduler() {
    run kube_scheduler "$(tool_path kubernetes kube-scheduler)" \
        --bind-address=127.0.0.1 --kubeconfig="$STATE/scheduler.conf" --leader-elect=false
}
health_kube_scheduler() { answers https://127.0.0.1:10259/readyz; }

start_containerd() {
    run containerd "$(tool_path containerd containerd)" --config "$STATE/conf/containerd.toml"
}
health_containerd() { ctr version && ctr plugins ls id==cri | grep -q " ok "; }

start_kubelet() {
    # It ends at once when containerd's socket is not there yet.
    wait_until 30 "containerd's socket" test -S "$STATE/containerd.sock"
    run kubelet "$(tool_path kubernetes kubelet)" --kubeconfig="$STATE/kubelet.conf" \
        --config="$STATE/conf/kubelet.yaml" --hostname-override=node --node-ip="$NODE_IP" \
        --root-dir="$STATE/kubelet"
}
health_kubelet() { answers http://127.0.0.1:10248/healthz; }

start_kube_proxy() {
    run kube_proxy "$(tool_path kubernetes kube-proxy)" --config="$STATE/conf/proxy.yaml"
}
health_kube_proxy() { answers http://127.0.0.1:10256/livez; }

start_coredns() {
    run coredns "$(tool_path coredns coredns)" -conf "$STATE/conf/Corefile"
}
health_coredns() { answers http://127.0.0.1:8181/ready; }

start_local_path_provisioner() {
    run local_path_provisioner \
        "$(tool_path local-path-provisioner local-path-provisioner)" start \
        --kubeconfig "$STATE/admin.conf" --namespace kube-system \
        --config "$STATE/conf/volumes.json" --configmap-name volume-scripts \
        --helper-image "$NODE_IMAGE" --helper-pod-file "$STATE/conf/volumes-helper.yaml" \
        --service-account-name volume-helper
}
# It serves nothing; that it lives is all it shows.
health_local_path_provisioner() { :; }
