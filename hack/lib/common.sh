# shellcheck shell=bash
# What every script of hack/ shares: where things lie, how phases are printed, which tool is meant.

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
CACHE=${MIDDLEWARE_CACHE:-$HOME/.cache/middleware-platform}
INSTANCE=$(printf %s "$CHECKOUT" | sha256sum | cut -c1-8)
STATE=${MIDDLEWARE_STATE:-$HOME/.local/state/middleware-platform/$INSTANCE}
export CHECKOUT CACHE INSTANCE STATE

say() { printf '%s\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

now_ms() { date +%s%3N; }

# phase TITLE COMMAND...: runs the command and prints how long it took. The command stays subject to
# `set -e`, hence no `||` around it; a script that ends inside a phase names that phase.
phase() {
    local begin outer=${PHASE:-}
    PHASE=$1
    begin=$(now_ms)
    "${@:2}"
    printf '  %-44s %6s s\n' "$1" "$(seconds_since "$begin")"
    PHASE=$outer
}

name_failed_phase() { [ -z "${PHASE:-}" ] || printf '  FAILED: %s\n' "$PHASE" >&2; }
trap name_failed_phase EXIT

seconds_since() {
    local ms=$(($(now_ms) - $1))
    printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

# wait_until SECONDS WHAT COMMAND...: polls until the command succeeds.
wait_until() {
    local deadline=$(($(now_ms) + $1 * 1000)) what=$2 allowed=$1
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$(now_ms)" -lt "$deadline" ] || die "$what: not after $allowed s"
        sleep 0.1
    done
}

need_root() { [ "$(id -u)" = 0 ] || die "network namespaces and cgroups need root; run this as root"; }

# need_packages BINARY=PACKAGE...: installs the Debian packages whose file is missing.
need_packages() {
    local pair missing=()
    for pair in "$@"; do
        [ -e "${pair%%=*}" ] || command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "  installing Debian packages: ${missing[*]}"
    exec 8>/var/lock/middleware-platform-apt
    flock 8
    { apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; }; } \
        >/dev/null || die "cannot install ${missing[*]}"
    exec 8>&-
}

# tool_module TOOL: the Go module that hack/tools/TOOL pins and builds.
tool_module() {
    case $1 in
    kubernetes) echo k8s.io/kubernetes ;;
    etcd) echo go.etcd.io/etcd/server/v3 ;;
    containerd) echo github.com/containerd/containerd/v2 ;;
    coredns) echo github.com/coredns/coredns ;;
    local-path-provisioner) echo github.com/rancher/local-path-provisioner ;;
    kwok) echo sigs.k8s.io/kwok ;;
    *) die "no such tool: $1" ;;
    esac
}

# tool_version TOOL: the version in its go.mod.
tool_version() {
    awk -v m="$(tool_module "$1")" '{ sub(/^require /, "") } $1 == m { print $2; exit }' \
        "$CHECKOUT/hack/tools/$1/go.mod"
}

# tool_folder TOOL: its cache folder, keyed by module and version.
tool_folder() {
    local module
    module=$(tool_module "$1")
    printf '%s/tools/%s@%s' "$CACHE" "${module//\//_}" "$(tool_version "$1")"
}

# tool_path TOOL BINARY: an executable; envtest's folder may replace etcd and kube-apiserver.
tool_path() {
    if [ -n "${KUBEBUILDER_ASSETS:-}" ] && [ -x "$KUBEBUILDER_ASSETS/$2" ] &&
        { [ "$2" = etcd ] || [ "$2" = kube-apiserver ]; }; then
        printf '%s/%s' "$KUBEBUILDER_ASSETS" "$2"
    else
        printf '%s/%s' "$(tool_folder "$1")" "$2"
    fi
}
