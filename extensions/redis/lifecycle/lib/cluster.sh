# shellcheck shell=sh
# Sourced by the hooks that look at all members: how these are asked and told.

lib=${0%/*}/../lib
parameters=$(cat)
answers_by=
said=

# require JQ-CONDITION MESSAGE: of the parameters.
require() {
    jq -e "$1" >/dev/null <<END || fail "$2"
$parameters
END
}

judge() { jq -L "$lib" --argjson parameters "$parameters" "$@"; }

# Line for line what observe.jq reads. A member that does not answer has no lines of its own; one
# without an address has no process yet. Nobody is asked any more after `answers_by`, if it is set.
observe() {
    index=0
    for ip in $(echo "$parameters" | jq -r '.members[].ip | if . == "" then "-" else . end'); do
        echo "@ $index"
        index=$((index + 1))
        [ "$ip" != - ] || continue
        [ -z "$answers_by" ] || [ "$(seconds)" -lt "$answers_by" ] || continue
        printf '%s\n' 'CLUSTER NODES' 'CLUSTER INFO' 'INFO replication' 'INFO memory' DBSIZE |
            redis "$ip" 2>/dev/null
    done
}

# look DECISION [JQ OPTION...]: asks all members, and lib/DECISION.jq for the next step. Sets
# `members` and `plan`, and its first lines `step`, `seed` and `message`; then come the commands.
# shellcheck disable=SC2034 # seed is for the caller
look() {
    decision=$1
    shift
    members=$(observe | judge -cRn -f "$lib/observe.jq")
    plan=$(echo "$members" | judge -r "$@" -f "$lib/$decision.jq") || fail "cannot plan the next step"
    { read -r step; read -r seed; read -r message; } <<END
$plan
END
    [ "$message" = "$said" ] || echo "$step: $message"
    said=$message
}

commands() { echo "$plan" | tail -n +4; }

# Fails when a command was refused.
send() {
    refused=0
    while read -r ip command; do
        # shellcheck disable=SC2086 # words of Redis commands: no spaces, no globs
        answer=$(redis "$ip" $command 2>&1) && continue
        echo "$ip refused: $(echo "$command" | cut -c1-80): $(echo "$answer" | tail -n 1)" >&2
        refused=1
    done
    return $refused
}

# cluster_tool DEADLINE ARGUMENT...: bounded, because a move of much data may take longer than one
# call; the next call continues.
cluster_tool() {
    remaining=$(($1 - $(seconds) + 1))
    shift
    authenticate
    timeout --foreground $remaining redis-cli --cluster "$@" 2>&1 |
        grep -E '^(Moving|Node|\*\*\*|\[ERR)|ERR ' | sed 's/#*$//' >&2
}

# of_members JQ-FILTER: what the filter makes of the members.
of_members() { echo "$members" | judge -c "include \"cluster\"; $1"; }
