package io.paas.apiserver.authentication;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// A caller's certificates, judged for each request: the TLS handshake accepts any, so that a
/// rotated CA also takes effect on open connections.
final class CertificateChain {

    /// id-kp-clientAuth (RFC 5280 §4.2.1.12).
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private CertificateChain() {}

    /// Whether the first certificate is valid now, was issued for clients, and leads to an anchor.
    static boolean isTrusted(
            List<X509Certificate> chain, List<X509Certificate> anchors, Instant now) {
        if (chain.isEmpty() || anchors.isEmpty() || !isForClients(chain.getFirst())) {
            return false;
        }
        Set<TrustAnchor> trusted =
                anchors.stream()
                        .map(anchor -> new TrustAnchor(anchor, null))
                        .collect(Collectors.toSet());
        try {
            X509CertSelector leaf = new X509CertSelector();
            leaf.setCertificate(chain.getFirst());
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, leaf);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Values of an attribute of the subject, for example all `O`.
    static List<String> subject(X509Certificate certificate, String attribute) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().reversed().stream()
                            .flatMap(rdn -> attributes(rdn, attribute).stream())
                            .toList();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }

    private static List<String> attributes(Rdn rdn, String attribute) {
        List<String> values = new ArrayList<>();
        rdn.toAttributes()
                .getAll()
                .asIterator()
                .forEachRemaining(
                        found -> {
                            if (found.getID().equalsIgnoreCase(attribute)) {
                                try {
                                    found.getAll()
                                            .asIterator()
                                            .forEachRemaining(v -> values.add(v.toString()));
                                } catch (NamingException e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                        });
        return values;
    }

    private static boolean isForClients(X509Certificate leaf) {
        try {
            List<String> usages = leaf.getExtendedKeyUsage();
            return usages != null && usages.contains(CLIENT_AUTH);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
