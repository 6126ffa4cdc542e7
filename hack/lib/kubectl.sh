# shellcheck shell=bash
# kubectl as the scripts use it: this checkout's own cluster, or with CONTEXT=name a context of the
# user's kubeconfig.

use_kubectl() {
    if [ -z "${CONTEXT:-}" ]; then
        KUBECTL=$(tool_path kubernetes kubectl)
        export KUBECONFIG=$STATE/admin.conf
        [ -s "$KUBECONFIG" ] || die "this checkout's cluster is not running; start it: make up"
    else
        KUBECTL=$(type -P kubectl) || die "kubectl is not on the PATH"
    fi
}

kubectl() { "$KUBECTL" ${CONTEXT:+--context "$CONTEXT"} "$@"; }

# All that the installer applies is its own by server-side apply, so that what others own, such as the
# catalog's types, stays when the bundle is applied again.
apply() { kubectl apply --server-side --force-conflicts --field-manager=middleware-installer "$@" >/dev/null; }

# documents keep|drop KIND...: filters a YAML stream by kind.
documents() {
    local mode=$1 pattern
    shift
    pattern="(^|\n)kind: ($(IFS='|'; echo "$*"))(\n|\$)"
    awk -v mode="$mode" -v pattern="$pattern" 'BEGIN { RS = "---\n"; ORS = "---\n" }
        ($0 ~ pattern) == (mode == "keep")'
}

# bundle [CERTIFICATE]: the whole platform as YAML, with this version's images. A rebuilt image keeps
# its tag and a new certificate its Secret, so both mark the Pods, which then follow.
bundle() {
    local folder name
    folder=$(mktemp -d)
    cp -r "$CHECKOUT/apiservice-manifests" "$folder/base"
    {
        printf 'resources: [base]\nimages:\n'
        for name in apiserver controllers agent; do
            printf -- '- {name: localhost/middleware/%s, newName: %s/%s, newTag: "%s"}\n' \
                "$name" "${REGISTRY:-localhost/middleware}" "$name" "$(platform_version)"
        done
        printf 'patches:\n'
        for name in apiserver controllers; do
            cat <<END
- target: {kind: Deployment, name: middleware-$name}
  patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: middleware-$name}
    spec:
      template:
        metadata:
          annotations:
            middleware.paas.io/image: "$(cat "$CHECKOUT/$name/target/jib-image.id" 2>/dev/null)"
            middleware.paas.io/certificate: "${1:-}"
END
        done
    } >"$folder/kustomization.yaml"
    "$KUBECTL" kustomize "$folder"
    rm -rf "$folder"
}
