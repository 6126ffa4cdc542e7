# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016 # work, roots, version and extension are set by `run`
# Pods without Kubernetes: a network namespace on one bridge is a Pod, and its containers are
# processes in a chroot with a read-only root, as uid 10001, with the mounts that the platform gives.
# Sourced by `run` inside mount and network namespaces of its own.

# pod NAME: address, folders and network of a new Pod.
declare -A address pid

next_address=1
pod_network() {
    local pod=$1 ip=10.99.0.$next_address
    next_address=$((next_address + 1))
    ip netns add "$pod"
    ip link add "to-$pod" type veth peer name eth0 netns "$pod"
    ip link set "to-$pod" master pods up
    ip -n "$pod" addr add "$ip/24" dev eth0
    ip -n "$pod" link set eth0 up
    ip -n "$pod" link set lo up
    address[$pod]=$ip
}

# The link first: a namespace goes, and its links with it, only some time after its deletion.
pod_unplug() {
    ip link delete "to-$1"
    ip netns delete "$1"
}

pod_create() {
    local pod=$1
    rm -rf "${work:?}/$pod"
    mkdir -p "$work/$pod/data" "$work/$pod/run"
    cp -r "$extension/lifecycle/main" "$work/$pod/run/extension"
    chown -R 10001:10001 "$work/$pod"
    pod_network "$pod"
}

# The Pod comes back with another address, its volume is kept.
pod_recreate() {
    pod_kill "$1" TERM
    pod_unplug "$1"
    pod_network "$1"
}

pod_kill() {
    kill "-$2" "${pid[$1]}" 2>/dev/null || :
    wait "${pid[$1]}" 2>/dev/null || :
}

# container ROOT POD COMMAND...: replaces the shell.
container() {
    local root=$1 pod=$2
    shift 2
    exec ip netns exec "$pod" bash -euc '
        root=$1 work=$2 pod=$3 extension=$4
        shift 4
        mount --bind "$root" "$root"
        mount -o remount,bind,ro "$root"
        mount -t proc proc "$root/proc"
        mount --bind "$work/$pod/data" "$root/data"
        mount --bind "$work/$pod/run" "$root/run/middleware"
        mount --bind "$work/etc" "$root/etc/middleware"
        mount --bind "$work/hosts" "$root/etc/hosts"
        mount --bind "$extension/lifecycle" "$root/opt/extension"
        mount --bind /dev "$root/dev"
        mount --bind "$work/sys" "$root/sys"
        exec chroot --userspec=10001:10001 "$root" "$@"
    ' - "$root" "$work" "$pod" "$extension" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        POD_IP="${address[$pod]}" MIDDLEWARE_SERVICE=nodes "$@"
}

# The main container; its process is the one that the launcher would start.
pod_start() {
    (container "$roots/redis-$version" "$1" sh -c 'cd /data && exec /run/middleware/extension/start') \
        >>"$work/$1/log" 2>&1 &
    pid[$1]=$!
}

# hook POD NAME: parameters on stdin, the result in $work/POD/data.json, the end as exit code.
hook() {
    (container "$roots/lifecycle" "$1" "/opt/extension/bin/$2") 3>"$work/$1/data.json" 2>>"$work/$1/hooks.log"
}

redis() {
    local pod=$1
    shift
    ip netns exec "$pod" chroot "$roots/lifecycle" redis-cli -c -h "${address[$pod]}" "$@" 2>/dev/null
}

# What the headless Service resolves to.
publish() {
    local pod
    for pod in "$@"; do echo "${address[$pod]} nodes"; done >"$work/hosts"
}
