# What the decisions of all hooks have in common. Input of most: members, as observe.jq makes them.

def has_flag($flag): .flags | index($flag) != null;
def is_primary: .self | has_flag("master");
def name: "\(.pod) (\(.ip))";
def names: map(name) | join(", ");
def slot_count: map(.[1] - .[0] + 1) | add // 0;

# As a result tells it.
def outcome:
  { pod, role: (if is_primary then "primary" else "replica" end), slots: (.self.slots | slot_count) };

# The answer of a decision, see plan.jq.
def say($step; $message): { step: $step, message: $message, commands: [] };
def send($message; $commands): say("send"; $message) + { commands: $commands };
def lines($seed): .step, $seed.ip, .message, (.commands[] | join(" "));

# The slots of nobody, as ascending ranges.
def unassigned:
  reduce (sort | .[]) as $range ({ next: 0, free: [] };
    (if $range[0] > .next then .free += [[.next, $range[0] - 1]] else . end)
    | .next = ([.next, $range[1] + 1] | max))
  | .free + (if .next < 16384 then [[.next, 16383]] else [] end);

# Who knows which slots where; equal on all members when they agree.
def slot_owners: map(select(.slots != []) | { id, slots }) | sort_by(.id);

# Whether primaries have so different shares that redis-cli would move slots. It moves nothing
# below 2 %.
def is_uneven:
  (16384 / length) as $share
  | any(.[].self.slots | slot_count; . == 0 or (100 - 100 * $share / . | fabs) > 3);

# Gives every one of $free to the primary that has the fewest replicas, the lowest ordinal first.
def attach($free; $primaries; $replicas):
  reduce $free[] as $node
    ({ load: [$primaries[] | .self.id as $id
                | { id: $id, ordinal, replicas: ($replicas | map(select(.self.master == $id)) | length) }],
       commands: [] };
     (.load | min_by([.replicas, .ordinal]) | .id) as $id
     | .commands += [[$node.ip, "CLUSTER", "REPLICATE", $id]]
     | .load |= map(if .id == $id then .replicas += 1 else . end))
  | .commands;
