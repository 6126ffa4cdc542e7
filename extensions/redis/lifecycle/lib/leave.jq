# What to do next so that the leaving members can be deleted without losing a slot or a key. Input
# and output as of plan.jq, and further steps:
#
#   failover      send the command, and wait for the election
#   rebalance     move slots; the commands are the weights of primaries that shall have none
#   refuse        only a human can decide
#   unhealthy     the same, unless it heals by itself in a moment
#   left          all that matters is done; what those that left hold is not known to be empty. The
#                 commands are those of done
#
# $phase is `check` (only look: done says that a scale-in may begin), `begin` (nothing was changed
# by this call yet) or `go-on`.

include "cluster";

def mebibytes: . / 1048576 * 10 | round / 10 | "\(.) MiB";
def with_ids($ids): map(select(.self.id as $id | $ids | index($id)));
def without($others): [$others[].ordinal] as $ordinals
  | map(select(.ordinal as $ordinal | $ordinals | index($ordinal) | not));
def links_to($ids): [.[].table[] | select(.id as $id | $ids | index($id))];

# What each receiver may still take: redis-cli moves slots, which are not equally large, and clients
# go on writing.
def room: (.info.maxmemory | tonumber) * 0.8 - (.info.used_memory | tonumber);
# What clients put there; an empty Redis needs some memory, too.
def data: (.info.used_memory | tonumber) - (.info.used_memory_startup | tonumber);

# Refuses when what is moved does not fit: a full primary refuses writes. The parts are equal, and so
# each receiver has to have room for one.
def memory($from; $to):
  ($from | map(data) | add // 0) as $data
  | ($data / ($to | length)) as $part
  | [$to[] | select(.info.maxmemory != "0" and room < $part)] as $tight
  | if $from == [] or $tight == [] then empty else
      ($tight | min_by(room)) as $tightest
      | say("refuse"; "the data of \($from | names), \($data | mebibytes), does not fit: each of the "
          + "\($to | length) primaries that stay would get \($part | mebibytes), but \($tightest | name) has "
          + "\([$tightest | room, 0] | max | mebibytes) left below 80 % of its maxmemory, "
          + "\($tightest.info.maxmemory | tonumber | mebibytes). Give the Pods more memory, or remove data")
    end;

. as $members
| ($parameters.topologyParameters.replicasPerMaster // 0 | tonumber) as $replicas_per_primary
| $parameters.leaving as $ordinals
| map(select(.ordinal as $ordinal | $ordinals | index($ordinal))) as $leaving
| without($leaving) as $staying
| ($staying | length / (1 + $replicas_per_primary)) as $wanted
| ($ordinals - map(.ordinal)) as $unknown
| if $unknown != [] then
    say("refuse"; "no member has the ordinal \($unknown | map(tostring) | join(", ")); there are "
      + (map(.ordinal | tostring) | join(", ")))
  elif $staying == [] then
    say("refuse"; "all \(length) members would leave and nobody could take their slots; "
      + "to give up the data delete the cluster")
  elif $wanted != ($wanted | floor) then
    say("refuse"; "\($staying | length) Pods would stay, which is no multiple of "
      + "\(1 + $replicas_per_primary): a primary and its \($replicas_per_primary) replicas")
  elif $wanted < 3 then
    say("refuse"; "a Redis Cluster needs at least 3 primaries; the \($staying | length) Pods that would "
      + "stay, with \($replicas_per_primary) replicas per primary, give \($wanted)")
  else

  # Only who answers has an identity. Of those that leave, some may have been forgotten already.
  [$staying[] | select(.self == null)] as $silent
| [$members[] | select(.self) | .self.id] as $ids
| ([$staying[].table[].id] | unique) as $known
| ($leaving | map(select(.self)) | with_ids($known)) as $inside
| ($leaving | without($inside)) as $outside
| ($staying + $inside) as $cluster
| [$staying[].self | values | .id] as $staying_ids
| [$staying[].table[] | select(.id as $id | $ids | index($id) | not)] as $strange_links
| ($strange_links | unique_by(.id)) as $strangers
| [$strange_links[] | select(.slots != [])] as $stranded
| ($cluster | links_to($staying_ids + [$inside[].self.id])) as $links
| [$links[] | select(has_flag("fail")).id] as $failed
| [$members[].table[] | select(has_flag("fail")).address | split(":")[0]] as $failed_addresses
| if $silent != [] then
    say(if any($silent[]; .ip as $ip | $failed_addresses | index($ip)) then "unhealthy" else "wait" end;
      "no answer from \($silent | names), which would stay. Let all members run first")
    # Who can not be asked any more has left its slots to others, or takes their keys along.
  elif ($strangers | length) > ($outside | length) then
    say("unhealthy"; "the cluster knows nodes that are no running members: "
      + ($strangers | map("\(.id) at \(.address) (\(.flags | join(",")))") | join("; "))
      + ". Let them run, or make the others forget them, first")
  elif any($strange_links[]; has_flag("fail") or has_flag("noaddr") | not) then
    say("wait"; "no answer from \($outside | names), but the cluster does not count it as failed yet")
  elif $stranded != [] then
    say("unhealthy"; "\($outside | names) does not answer and owns "
      + "\($stranded | unique_by(.id) | map(.slots | slot_count) | add) slots: their keys would be lost. "
      + "Let it run first")
  elif $failed != [] then
    say("unhealthy"; "failed for the others: \($cluster | with_ids($failed) | names). Let it run first")
  elif any($cluster[]; .info.cluster_state != "ok") then
    say("unhealthy"; "cluster_state is not ok on "
      + ([$cluster[] | select(.info.cluster_state != "ok")] | names) + ". Let the cluster heal first")
  elif any($staying[]; $staying_ids - [.table[].id] != []) then
    say("wait"; "those that would stay do not know each other yet")
  elif any($links[]; .link != "connected" or has_flag("fail?") or has_flag("noaddr")) then
    say("wait"; "not every member is connected to every other")
  else

  ([$cluster[].table[].slots[]] | unassigned) as $unassigned
| ($cluster | map(select(is_primary).self) | slot_owners) as $truth
| ($staying | map(select(is_primary and .self.slots != []))) as $owners
| ($staying | map(select(is_primary and .self.slots == []))) as $free
| ($staying | map(select(is_primary | not))) as $replicas
| ($inside | map(select(is_primary and .self.slots != []))) as $going
  # Those that are primaries in the end. The highest ordinals are too many, or some are missing,
  # and replicas take over from primaries that leave.
| ($owners + $free | .[:$wanted]) as $primaries
| ($wanted - ($primaries | length)) as $missing
| ($going | sort_by(.self.id as $id | all($replicas[]; .self.master != $id)) | .[:$missing]) as $inherited
| ($owners + $going | without($primaries + $inherited)) as $drained
| if $unassigned != [] then
    say("unhealthy"; "\($unassigned | slot_count) slots belong to nobody. Let post-scale-out be done first")
  elif any($cluster[]; (.table | slot_owners) != $truth) then
    say("wait"; "the members do not agree yet who owns which slots")
  elif any($cluster[]; .self.open) and $phase == "check" then
    say("refuse"; "a move of slots was interrupted: open slots on "
      + ([$cluster[] | select(.self.open)] | names) + ". Close them with redis-cli --cluster fix first")
  elif ($inherited | length) < $missing then
    say("unhealthy"; "\($owners + $going | length) primaries have slots, but \($wanted) should be left. "
      + "Let post-scale-out be done first")
  else

  (if $phase == "go-on" then empty else memory($drained; $primaries + $inherited) end)
  // if $phase == "check" then say("done"; "\($leaving | names) may leave")
  elif any($cluster[]; .self.open) then say("fix"; "close the slots of an interrupted move")
  elif $inherited != [] then
    # One at a time, with the consent of the old primary, so that no write is lost.
    $inherited[0] as $old
    | [$replicas[] | select(.self.master == $old.self.id)] as $heirs
    | [$heirs[] | select(.info.master_link_status == "up")] as $ready
    | if $ready != [] then
        say("failover"; "\($ready[0] | name) takes over from \($old | name)")
        | .commands = [[$ready[0].ip, "CLUSTER", "FAILOVER"]]
      elif $heirs != [] then
        say("wait"; "\($heirs | names) still copies the data of \($old | name)")
      else
        # Of the primary that has most.
        ($replicas | group_by(.self.master) | max_by(length) | last) as $heir
        | send("\($heir | name) becomes the replica of \($old | name)";
            [[$heir.ip, "CLUSTER", "REPLICATE", $old.self.id]])
      end
  elif $drained != [] or ($primaries | is_uneven) then
    say("rebalance"; if $drained == [] then "give every primary its share of the slots"
      else "move the slots of \($drained | names) to \($primaries | names)" end)
    | .commands = [$cluster | map(select(is_primary)) | without($primaries) | .[] | ["\(.self.id)=0"]]
  else

  # Who already follows a primary that stays, as many as each may have, keeps following it.
  [$primaries[].self.id as $id
    | $replicas | map(select(.self.master == $id)) | .[:$replicas_per_primary] | .[]] as $settled
| ($staying | without($primaries + $settled)) as $loose
| if $loose != [] then
    send("attach replicas: \($loose | names)"; attach($loose; $primaries; $settled))
  elif any($replicas[]; .info.master_link_status != "up") then
    say("wait"; "replicas still copy the data of their primaries")
    # From here on nothing comes back. So every member that stays has to see all slots with those
    # that stay, and those that leave have to say themselves that they have nothing.
  elif any($staying[]; [.] | links_to($staying_ids) | map(.slots[]) | unassigned != []) then
    say("wait"; "not every member sees all slots with those that stay")
  elif any($inside[]; .self.slots != [] or is_primary and .keys > 0) then
    say("wait"; "still with slots or keys: "
      + ([$inside[] | select(.self.slots != [] or is_primary and .keys > 0)
          | "\(name): \(.self.slots | slot_count) slots, \(.keys) keys"] | join("; ")))
    # Within a minute on all: for so long a node that forgot does not listen to gossip about it.
  else
  [$staying[] | .ip as $ip | .table[] | select(.id as $id | $staying_ids | index($id) | not)
    | [$ip, "CLUSTER", "FORGET", .id]] as $forget
| if $forget != [] then send("forget \($leaving | names)"; $forget)
  else
  # Only who still knows those that stay was one of them: an address may be another cluster's node
  # by now. Who was reset knows nobody.
  [$outside[] | select(.self and .self.slots == [] and ((is_primary | not) or .keys == 0))
    | select((.table | length) == 1 or any(.table[]; .id as $id | $staying_ids | index($id)))] as $former
| [$former[] | select((is_primary | not) or (.table | length) > 1)] as $full
| ($former | map(select((.table | length) == 1))) as $blank
| ($outside | without($blank) | map(select(.ip != ""))) as $doubtful
| if $full != [] then
    send("reset \($full | names)"; [$full[] | [.ip, "CLUSTER", "RESET", "HARD"]])
  else
    # Redis empties a replica that is reset, but not its append-only file: with its keys the node
    # would come back as the owner of their slots. Nobody can see whether that was done before.
    say(if $doubtful == [] then "done" else "left" end;
      "\($leaving | names) may be deleted; \($primaries | length) primaries, "
      + "\($replicas | length) replicas"
      + if $doubtful == [] then "" else
          "; but \($doubtful | names) could not be emptied: it does not answer, or holds what it got "
          + "since. Remove its volume before its ordinal comes back" end)
    | .commands = [$blank[] | [.ip, "FLUSHALL"], [.ip, "BGREWRITEAOF"]]
  end end end end end end end
| lines($staying + $members | map(select(.self)) | first)
