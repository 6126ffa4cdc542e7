# shellcheck shell=bash
# One instance, seen from the host: a PID, mount and network namespace held by one process, a veth
# pair, a cgroup folder, a state folder.
#
# INVARIANT: every process of an instance lives in its PID namespace, every mount in its mount
# namespace. Killing the holder (PID 1 in there) therefore ends all of them at once, containerd's
# shims and all containers included (pid_namespaces(7)); no old kube-apiserver can outlive its
# instance and write to the next one's etcd.

LINK=mw-$INSTANCE
CGROUP=middleware-$INSTANCE
PAUSE=$CACHE/images/pause

# holder: prints the host's PID of the instance's PID 1; fails when there is none. The executable's
# name is the instance's, so that a lost state folder or a reused PID cannot mislead.
holder() {
    local found
    found=$(find /proc -mindepth 2 -maxdepth 2 -name exe -lname "*/$CGROUP*" 2>/dev/null | head -n 1) || true
    [ -n "$found" ] || return 1
    found=${found#/proc/}
    printf '%s' "${found%/exe}"
}

# inside COMMAND...: runs a command in the instance's namespaces, with its tools on the PATH.
# Not by `ip netns exec`: that remounts /sys and hides the cgroup hierarchies.
inside() {
    local pid
    pid=$(holder) || die "cluster $INSTANCE is not running"
    # shellcheck source=/dev/null
    . "$STATE/addresses"
    KUBECONFIG=$STATE/admin.conf CONTAINERD_ADDRESS=$STATE/containerd.sock \
        PATH=$(tool_folder kubernetes):$(tool_folder containerd):/usr/sbin:/sbin:$PATH \
        nsenter --target "$pid" --pid --mount --net -- "$@"
}

# An instance's slot picks its addresses: node 10.250.s.2 (host .1), Pods 10.244.4s.0/22, Services
# 10.96.4s.0/22. The host has routes to all three, so a developer reaches Pods and Services directly.
choose_addresses() {
    local slot try
    for try in $(seq 0 61); do
        slot=$(((16#${INSTANCE:0:6} + try) % 62 + 1))
        if [ -z "$(ip -4 route show root "10.250.$slot.0/30")" ] &&
            [ -z "$(ip -4 route show root "10.244.$((slot * 4)).0/22")" ] &&
            [ -z "$(ip -4 route show root "10.96.$((slot * 4)).0/22")" ]; then
            cat >"$STATE/addresses" <<END
export HOST_IP=10.250.$slot.1 NODE_IP=10.250.$slot.2
export POD_CIDR=10.244.$((slot * 4)).0/22 SERVICE_CIDR=10.96.$((slot * 4)).0/22
export API_SERVICE_IP=10.96.$((slot * 4)).1 DNS_IP=10.96.$((slot * 4)).10
END
            return
        fi
    done
    die "no free address range among 10.250.1.0/30 to 10.250.62.0/30"
}

# The v1 hierarchies, or the one of v2.
cgroup_hierarchies() {
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        echo /sys/fs/cgroup
    else
        awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts
    fi
}

create_cgroups() {
    local hierarchy file
    for hierarchy in $(cgroup_hierarchies); do
        mkdir -p "$hierarchy/$CGROUP"
        # Without processors and memory nodes no process may enter a v1 cpuset (cpuset(7)).
        for file in cpuset.cpus cpuset.mems; do
            [ ! -e "$hierarchy/cgroup.clone_children" ] || [ ! -e "$hierarchy/$file" ] ||
                cat "$hierarchy/$file" >"$hierarchy/$CGROUP/$file"
        done
        # All Pods together are one entity beside each single process of the host. On a busy machine
        # (a build beside a test) the default weight starves them until their probes fail.
        [ ! -e "$hierarchy/$CGROUP/cpu.shares" ] || echo 10240 >"$hierarchy/$CGROUP/cpu.shares"
        if [ "$hierarchy" = /sys/fs/cgroup ]; then
            sed 's/\([^ ]*\)/+\1/g' "$hierarchy/cgroup.controllers" >"$hierarchy/cgroup.subtree_control"
            echo 1000 >"$hierarchy/$CGROUP/cpu.weight"
        fi
    done
}

remove_cgroups() {
    local hierarchy
    for hierarchy in $(cgroup_hierarchies); do
        [ ! -d "$hierarchy/$CGROUP" ] ||
            find "$hierarchy/$CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || return 1
    done
}

create_instance() {
    local pid
    mkdir -p "$STATE/bin" "$STATE/log/var" "$STATE/cni"
    build_pause
    cp "$PAUSE" "$STATE/bin/$CGROUP"
    exec 7>/var/lock/middleware-platform-addresses
    flock 7
    choose_addresses
    # shellcheck source=/dev/null
    . "$STATE/addresses"
    setsid --fork unshare --pid --fork --mount --net bash "$CHECKOUT/hack/lib/holder" \
        "$STATE" "$CGROUP" >"$STATE/log/holder.log" 2>&1 </dev/null 7>&- 9>&-
    wait_until 10 "the instance's namespaces" test -e "$STATE/held"
    pid=$(holder) || die "the instance's PID 1 ended: $(cat "$STATE/log/holder.log")"
    ip link add "$LINK" type veth peer name eth0 netns "$pid"
    ip address add "$HOST_IP/30" dev "$LINK"
    ip link set "$LINK" up
    nsenter --target "$pid" --net -- sh -ec "
        ip link set lo up
        ip address add $NODE_IP/30 dev eth0
        ip link set eth0 up
        ip route add default via $HOST_IP
        echo 1 >/proc/sys/net/ipv4/ip_forward"
    ip route add "$POD_CIDR" via "$NODE_IP"
    ip route add "$SERVICE_CIDR" via "$NODE_IP"
    exec 7>&-
    create_cgroups
}

build_pause() {
    local source=$CHECKOUT/hack/images/pause/pause.c
    [ "$PAUSE" -nt "$source" ] && return
    mkdir -p "$CACHE/images"
    gcc -static -O2 -s -Wall -Wextra -Werror -o "$PAUSE.$$" "$source"
    mv "$PAUSE.$$" "$PAUSE"
}

no_holder() { ! holder >/dev/null; }
no_link() { ! ip link show "$LINK" >/dev/null 2>&1; }

stop_instance() {
    local pid
    while pid=$(holder); do
        kill -KILL "$pid"
        wait_until 30 "the end of all processes" test ! -d "/proc/$pid"
    done
    remove_leftovers
}

remove_leftovers() {
    ip link delete "$LINK" 2>/dev/null || no_link
    wait_until 10 "the end of link $LINK" no_link
    wait_until 20 "empty cgroups" remove_cgroups
    rm -rf --one-file-system "$STATE"
}

# Built tools that work on this state folder, and whatever sits in a cgroup of ours.
processes_left() {
    local exe
    find /proc -mindepth 2 -maxdepth 2 -name exe -lname "$CACHE/tools/*" 2>/dev/null |
        while read -r exe; do
            ! grep -qsF "$STATE/" "${exe%exe}cmdline" || printf '%s ' "${exe%/exe}"
        done
    grep -lsF "/$CGROUP" /proc/[0-9]*/cgroup | tr '\n' ' '
}

# verify_gone: looks at the host itself, not at what stop meant to do.
verify_gone() {
    local left=0
    report() { # WHAT FOUND
        if [ -z "${2// /}" ]; then
            printf '  no %-12s left\n' "$1"
        else
            printf '  %s left: %s\n' "$1" "$2" && left=1
        fi
    }
    report process "$(holder) $(processes_left)"
    report mount "$(grep -F "$STATE/" /proc/mounts)"
    report interface "$(ip -brief link show "$LINK" 2>/dev/null)"
    report route "$(ip -4 route show | grep -F "$LINK")"
    report cgroup "$(cgroup_hierarchies | while read -r h; do find "$h/$CGROUP" -maxdepth 0 2>/dev/null; done)"
    report state "$(find "$STATE" -maxdepth 0 2>/dev/null)"
    [ "$left" = 0 ] || die "cluster $INSTANCE is not wholly gone"
}
