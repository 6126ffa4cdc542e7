package io.paas.apiserver.authentication;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An authenticated caller.
///
/// @param uid empty when unknown
/// @param extra lower-case keys
public record UserInfo(
        String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    public static final String AUTHENTICATED = "system:authenticated";
    public static final String MASTERS = "system:masters";

    /// Who calls without any credential.
    public static final UserInfo ANONYMOUS =
            new UserInfo("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

    public UserInfo {
        groups = List.copyOf(groups);
        extra = Collections.unmodifiableMap(new TreeMap<>(extra));
    }

    /// This user in group `system:authenticated`. kube-apiserver's own pollers of discovery and
    /// OpenAPI come without any group and would be denied otherwise.
    UserInfo authenticated() {
        if (groups.contains(AUTHENTICATED)) {
            return this;
        }
        List<String> more = new ArrayList<>(groups);
        more.add(AUTHENTICATED);
        return new UserInfo(name, uid, more, extra);
    }
}
