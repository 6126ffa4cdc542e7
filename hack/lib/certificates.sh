# shellcheck shell=bash
# Keys, certificates and kubeconfigs of an instance. What exists is kept.

new_key() { [ -s "$1.key" ] || openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

authority() { # NAME
    local at=$STATE/pki/$1
    [ -s "$at.crt" ] && return
    new_key "$at"
    openssl req -x509 -new -key "$at.key" -subj "/CN=$1" -days 3650 -out "$at.crt"
}

# certificate NAME COMMON_NAME ORGANIZATION AUTHORITY [SUBJECT_ALTERNATIVE_NAMES]
certificate() {
    local at=$STATE/pki/$1 extensions='extendedKeyUsage=clientAuth,serverAuth'
    [ -s "$at.crt" ] && return
    [ -z "${5:-}" ] || extensions+=$'\n'"subjectAltName=$5"
    new_key "$at"
    openssl req -new -key "$at.key" -subj "/O=$3/CN=$2" |
        openssl x509 -req -CA "$STATE/pki/$4.crt" -CAkey "$STATE/pki/$4.key" -CAcreateserial \
            -days 3650 -extfile <(printf '%s\nkeyUsage=digitalSignature\n' "$extensions") \
            -out "$at.crt" 2>/dev/null
}

write_certificates() {
    mkdir -p "$STATE/pki"
    chmod 700 "$STATE/pki"
    authority ca
    authority front-proxy-ca
    certificate apiserver kube-apiserver server ca "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,\
DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:$API_SERVICE_IP,IP:$NODE_IP"
    certificate admin admin system:masters ca
    certificate controller-manager system:kube-controller-manager client ca
    certificate scheduler system:kube-scheduler client ca
    certificate proxy system:kube-proxy client ca
    certificate kubelet system:node:node system:nodes ca "DNS:node,IP:$NODE_IP"
    certificate apiserver-kubelet kube-apiserver-kubelet system:masters ca
    certificate front-proxy front-proxy-client client front-proxy-ca
    new_key "$STATE/pki/service-accounts"
    [ -s "$STATE/pki/service-accounts.pub" ] ||
        openssl ec -in "$STATE/pki/service-accounts.key" -pubout \
            -out "$STATE/pki/service-accounts.pub" 2>/dev/null
}

base64_of() { base64 -w0 <"$1"; }

kubeconfig() { # NAME
    cat >"$STATE/$1.conf" <<END
apiVersion: v1
kind: Config
current-context: middleware-$INSTANCE
contexts:
- name: middleware-$INSTANCE
  context: {cluster: middleware-$INSTANCE, user: $1}
clusters:
- name: middleware-$INSTANCE
  cluster:
    server: https://$NODE_IP:6443
    certificate-authority-data: $(base64_of "$STATE/pki/ca.crt")
users:
- name: $1
  user:
    client-certificate-data: $(base64_of "$STATE/pki/$1.crt")
    client-key-data: $(base64_of "$STATE/pki/$1.key")
END
    chmod 600 "$STATE/$1.conf"
}
