package io.paas.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters that the platform gives to every hook.
///
/// @param members all Pods of the group that run now, ordered by ordinal
/// @param joining ordinals of the members that this operation added
/// @param leaving ordinals of the members that this operation is going to remove
public record HookParameters(
        String cluster,
        String namespace,
        String group,
        List<Member> members,
        List<Integer> joining,
        List<Integer> leaving,
        Map<String, Object> topologyParameters) {
    public HookParameters {
        Require.present("cluster", cluster);
        Require.present("namespace", namespace);
        Require.present("group", group);
        members = members == null ? List.of() : List.copyOf(members);
        joining = joining == null ? List.of() : List.copyOf(joining);
        leaving = leaving == null ? List.of() : List.copyOf(leaving);
        topologyParameters = topologyParameters == null ? Map.of() : Map.copyOf(topologyParameters);
    }

    /// One running Pod of the group.
    ///
    /// @param host the stable name below the group's headless Service
    public record Member(String pod, int ordinal, String ip, String host, @Nullable String role) {
        public Member {
            Require.present("members.pod", pod);
        }
    }
}
