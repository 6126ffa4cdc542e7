# shellcheck shell=sh
# Sourced by every hook: how a hook talks to Redis and how it ends.

port=6379
# That of the process, which main/start keeps.
password=/run/middleware/password

# redis-cli takes the password from the environment, so that it is on no command line. Read before
# every call: a process that starts brings its password a moment after the hooks begin.
authenticate() {
    unset REDISCLI_AUTH
    [ -s "$password" ] || return 0
    REDISCLI_AUTH=$(cat "$password")
    export REDISCLI_AUTH
}

# redis HOST [COMMAND ARGUMENT...]: an error reply is a failure, too. Without a command it reads
# commands from stdin. It has 5 seconds, or those of `patience`. In the foreground, so that who kills
# the hook's process group kills it, too.
redis() {
    redis_host=$1
    shift
    authenticate
    timeout --foreground "${patience:-5}" redis-cli -e -h "$redis_host" -p "$port" "$@"
}

# result JSON: what the caller finds in `data`.
result() { printf '%s\n' "$1" >&3; }

not_yet() {
    echo "$*" >&2
    exit 75
}

incompatible() {
    echo "$*" >&2
    exit 76
}

fail() {
    echo "$*" >&2
    exit 1
}

# Seconds of the monotonic clock.
seconds() { cut -d. -f1 /proc/uptime; }
