package io.paas.agent;

import java.net.InetAddress;

/// Where a Pod's agent listens.
///
/// The Pod's IP is dialled, not its name: a JVM's DNS cache would reach a dead Pod's successor. The
/// headless Service's name goes into the Host header (FR-016).
///
/// @param ip the Pod's IP as the cluster says it
/// @param host `<pod>.<headless service>.<namespace>.svc`
/// @param podUid the audience of the token: a successor with this IP refuses it
public record AgentAddress(String ip, String host, String podUid) {

    /// Whether an address can be a Pod's own. A Pod's status is written by its node; one that names
    /// the loopback or the metadata service must not make us call there.
    static boolean isPlausible(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress();
    }

    /// The IP as an address, without asking a name server.
    ///
    /// @throws IllegalArgumentException when it is no IP literal
    InetAddress literal() {
        try {
            return InetAddress.ofLiteral(ip);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an IP address: '" + ip + "'", e);
        }
    }

    String authority(int port) {
        return ip.indexOf(':') >= 0 ? "[" + ip + "]:" + port : ip + ":" + port;
    }
}
