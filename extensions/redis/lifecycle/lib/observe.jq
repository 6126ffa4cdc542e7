# The answers of all members as one value. Input: lines as `observe` of cluster.sh prints them:
# "@ <index>" begins a member, then come CLUSTER NODES, CLUSTER INFO, INFO replication, INFO memory
# and DBSIZE.
# Output: the members of the parameters, each with `table` (the nodes it knows), `self` (its own
# line of it; null when it did not answer), `info` and `keys`.

include "cluster";

def slot_ranges: map(select(startswith("[") | not) | split("-") | map(tonumber) | [first, last]);

def node:
  split(" ")
  | { id: .[0], address: .[1], flags: (.[2] | split(",")), master: .[3], epoch: (.[6] | tonumber),
      link: .[7], slots: (.[8:] | slot_ranges), open: (.[8:] | any(startswith("["))) };

reduce (inputs | rtrimstr("\r")) as $line ([];
  if $line | startswith("@ ") then
    . + [$parameters.members[$line[2:] | tonumber] + { table: [], info: {}, keys: 0 }]
  elif $line | test("^[0-9a-f]{40} ") then .[-1].table += [$line | node]
  elif $line | test("^[a-z_]+:") then .[-1].info += ($line | split(":") | { (.[0]): .[1] })
  elif $line | test("^[0-9]+$") then .[-1].keys = ($line | tonumber)
  else . end)
| map(.self = (.table | map(select(has_flag("myself"))) | first)
      # A node in handshake has no identity yet.
      | .table |= map(select(has_flag("handshake") | not)))
| sort_by(.ordinal)
