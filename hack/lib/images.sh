# shellcheck shell=bash
# Layers and images. An image is a file IMAGES/<name>.image: line 1 its reference, line 2 its
# configuration (JSON), then one layer (tar) a line. Archives are written from it when needed: the
# layers are large and shared.

# shellcheck disable=SC2034  # used by the scripts that read this
IMAGES=$CHECKOUT/target/images
LAYERS=$CACHE/images

# The mirror that this machine's own apt uses, so that a build needs no other host.
debian_mirror() {
    local uri
    uri=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
    [ -n "$uri" ] || uri=$(sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list | head -n 1)
    [ -n "$uri" ] || die "no Debian mirror in /etc/apt"
    printf '%s' "$uri"
}

# rootfs VARIANT SUITE PACKAGES: prints the path of a root file system, built once.
rootfs() {
    local layer=$LAYERS/rootfs-$2-$1-${3//,/-}.tar partial
    [ -s "$layer" ] || {
        mkdir -p "$LAYERS"
        exec 6>"$layer.lock"
        flock 6
        partial=$layer.$$.tar
        # The constant date makes two builds of one package list alike (mmdebstrap(1)).
        [ -s "$layer" ] ||
            { SOURCE_DATE_EPOCH=1767225600 nice mmdebstrap --variant="$1" --include="$3" \
                --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
                --dpkgopt='path-exclude=/usr/share/locale/*' \
                "$2" "$partial" "$(debian_mirror)" >"$layer.log" 2>&1 && mv "$partial" "$layer"; } ||
            die "mmdebstrap failed; its log: $layer.log"
        exec 6>&-
    }
    printf '%s' "$layer"
}

# tree_layer NAME TREE PREFIX: the files of TREE below PREFIX, owned by root. The same files give the
# same layer: whoever built them, and when.
tree_layer() {
    local layer=$IMAGES/$1.tar
    mkdir -p "$IMAGES"
    tar --create --file "$layer" --directory "$2" --transform "s|^\.|.${3%/}|" --sort=name \
        --mtime=@1767225600 --owner=0 --group=0 --numeric-owner --mode=go+rX .
    printf '%s' "$layer"
}

# packages_layer SUITE BASE_PACKAGES PACKAGES: what PACKAGES add to the essential root file system with
# BASE_PACKAGES.
packages_layer() {
    local base full layer
    base=$(rootfs essential "$1" "$2")
    full=$(rootfs essential "$1" "$2,$3")
    layer=${full%.tar}.difference.tar
    [ "$layer" -nt "$full" ] || {
        "$CHECKOUT/hack/images/difference.py" "$base" "$full" "$layer.$$"
        mv "$layer.$$" "$layer"
    }
    printf '%s' "$layer"
}

# java_layer: a Java runtime at /opt/java, linked from JDK 25.
java_layer() {
    local release layer modules=java.se,jdk.httpserver,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs
    use_jdk
    release=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")
    layer=$LAYERS/java-$release-$(sha256sum <<<"$modules" | cut -c1-8).tar
    [ -s "$layer" ] || {
        rm -rf "$layer.tree"
        mkdir -p "$layer.tree/opt"
        "$JAVA_HOME/bin/jlink" --output "$layer.tree/opt/java" --no-header-files --no-man-pages \
            --strip-debug --add-modules "$modules"
        tar --create --file "$layer.$$" --directory "$layer.tree" --sort=name --mtime=@1767225600 \
            --owner=0 --group=0 --numeric-owner .
        mv "$layer.$$" "$layer"
        rm -rf "$layer.tree"
    }
    printf '%s' "$layer"
}

# image NAME REFERENCE CONFIG LAYER...
image() {
    mkdir -p "$IMAGES"
    printf '%s\n' "${@:2}" >"$IMAGES/$1.image"
}

# labels TITLE: the image's labels as JSON.
labels() {
    printf '"Labels": {"org.opencontainers.image.title": "%s", "org.opencontainers.image.version": "%s", "org.opencontainers.image.licenses": "Apache-2.0"}' \
        "$1" "$(platform_version)"
}

# archive NAME FILE: writes a docker-archive (FILE may be /dev/stdout); prints nothing else.
archive() {
    local lines layers=() layer
    [ -s "$IMAGES/$1.image" ] || die "image $1 is not built; run: hack/images/build $1"
    mapfile -t lines <"$IMAGES/$1.image"
    for layer in "${lines[@]:2}"; do layers+=(--layer "$layer"); done
    "$CHECKOUT/hack/images/archive.py" --name "${lines[0]}" --config "${lines[1]}" \
        --out "$2" "${layers[@]}"
}
