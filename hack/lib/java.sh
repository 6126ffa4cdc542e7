# shellcheck shell=bash
# Finds a JDK 25 and exports it as JAVA_HOME.

jdk_is_25() { [ -x "$1/bin/javac" ] && grep -qsE '^JAVA_VERSION="25[."]' "$1/release"; }

# JAVA_HOME first, then the usual folders, then Maven's toolchains.
find_jdk() {
    local folder
    for folder in "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* \
        $(sed -n 's|.*<jdkHome>\(.*\)</jdkHome>.*|\1|p' "$HOME/.m2/toolchains.xml" 2>/dev/null); do
        if [ -n "$folder" ] && jdk_is_25 "$folder"; then
            printf '%s' "$folder"
            return
        fi
    done
    die "JDK 25 is needed. Install one, for example Temurin from its Debian repository:
    apt-get install -y temurin-25-jdk
or unpack any JDK 25 and set JAVA_HOME to it."
}

use_jdk() {
    JAVA_HOME=$(find_jdk) || exit 1
    export JAVA_HOME
    command -v mvn >/dev/null || die "Maven >= 3.8 is needed: apt-get install -y maven"
}

# The build's own, unless PLATFORM_VERSION says another.
platform_version() {
    [ -z "${PLATFORM_VERSION:-}" ] || { printf '%s' "$PLATFORM_VERSION" && return; }
    sed -n 's|.*<revision>\(.*\)</revision>.*|\1|p' "$CHECKOUT/pom.xml"
}
