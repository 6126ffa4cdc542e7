# What to do next so that all members become one healthy cluster. Input: the value of observe.jq.
# Output: lines: the step, the address of a member that answers, the message for people, and then
# one command a line: the address of its receiver and the words to send.
# The first thing that is missing is answered; the caller does it, observes again and asks again.
# So it does not matter where an earlier run was killed.
#
#   wait          something is under way that needs no help
#   send          send the commands
#   fix           close slots that an interrupted move left open
#   rebalance     move slots to the primaries that have too few
#   not-yet       only fresh parameters can help
#   incompatible  only a human can decide
#   done

include "cluster";

# Cuts the slots into $count runs of nearly equal length.
def split_evenly($count): . as $slots | length as $n
  | [range($count) | $slots[($n * . / $count | floor):($n * (. + 1) / $count | floor)]];

. as $members
| ($parameters.topologyParameters.replicasPerMaster // 0 | tonumber) as $replicas_per_primary
| (length / (1 + $replicas_per_primary) | floor) as $wanted

| map(select(.self == null)) as $silent
| if $silent != [] then say("wait"; "no answer from \($silent | names)") else

  map(.self.id) as $ids
| [.[].table[] | select(.id as $id | $ids | index($id) | not)] | unique_by(.id) as $strangers
| if $strangers != [] then
    say("not-yet"; "the cluster knows nodes that are no running members: "
      + ($strangers | map("\(.id) at \(.address) (\(.flags | join(",")))") | join("; ")))
  else

  # The member that knows most speaks for the cluster.
  ($members | max_by([(.self.slots | length > 0), (.table | length), -.ordinal])) as $seed
| [$seed.table[].id] as $known
| [$members[] | select(.self.id as $id | $known | index($id) | not)] as $newcomers
| [$newcomers[] | select(.self.slots != [] or .keys > 0)] as $loaded
| if $wanted < 3 then
    say("incompatible"; "a Redis Cluster needs at least 3 primaries; \($members | length) Pods with "
      + "\($replicas_per_primary) replicas per primary give \($wanted)")
  elif $loaded != [] then
    say("incompatible"; "\($loaded | names) would join with data or slots of its own; "
      + "one of the two data sets would be lost")
  elif $newcomers != [] then
    # Different epochs from the start, so that the nodes need not settle them by collisions.
    send("introduce \($newcomers | names)";
      (if all($members[]; (.table | length) == 1 and .self.slots == [] and .self.epoch == 0)
       then [$members[] | [.ip, "CLUSTER", "SET-CONFIG-EPOCH", (.ordinal + 1 | tostring)]] else [] end)
      + [$newcomers[] | [$seed.ip, "CLUSTER", "MEET", .ip, "6379"]])
  elif any($members[]; .table | length < ($ids | length)) then
    say("wait"; "do not know every other member yet: "
      + ([$members[] | select(.table | length < ($ids | length))] | names))
  elif any($members[].table[]; .link != "connected") then
    say("wait"; "not every member is connected to every other")
  else

  [$members[] | select(is_primary and .self.slots != [])] as $owners
| [$members[] | select(is_primary and .self.slots == [])] as $free
| [$members[] | select(is_primary | not)] as $replicas
| ([$wanted - ($owners | length), 0] | max) as $missing
| ($owners + $free[:$missing]) as $primaries
| ([$members[].table[].slots[]] | unassigned) as $unassigned
| ($owners | map(.self) | slot_owners) as $truth
| if $unassigned != [] then
    # Everybody who ever had slots is alive and a member, so these slots hold nothing.
    (if $missing > 0 then $free[:$missing] else $owners end) as $takers
    | [$unassigned[] | range(.[0]; .[1] + 1)] | split_evenly($takers | length) as $shares
    | send("give \($unassigned | slot_count) slots to \($takers | names)";
        [range($takers | length) | select($shares[.] != [])
          | [$takers[.].ip, "CLUSTER", "ADDSLOTS"] + ($shares[.] | map(tostring))])
  elif any($members[]; (.table | slot_owners) != $truth) then
    say("wait"; "the members do not agree yet who owns which slots")
    # A move to a node that does not serve yet would fail.
  elif any($members[]; .info.cluster_state != "ok") then
    say("wait"; "cluster_state is not ok yet on \([$members[] | select(.info.cluster_state != "ok")] | names)")
  elif any($members[]; .self.open) then say("fix"; "close the slots of an interrupted move")
  elif $free[$missing:] != [] then
    send("attach replicas: \($free[$missing:] | names)";
      attach($free[$missing:]; $primaries; $replicas))
  elif $primaries | is_uneven then
    say("rebalance"; "give every primary its share of the slots")
  elif any($replicas[]; .info.master_link_status != "up") then
    say("wait"; "replicas still copy the data of their primaries")
  else say("done"; "\($primaries | length) primaries, \($replicas | length) replicas") end
  end end end
| lines($members | map(select(.self != null)) | first)
