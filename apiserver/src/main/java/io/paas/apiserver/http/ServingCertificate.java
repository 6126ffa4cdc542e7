package io.paas.apiserver.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;

/// The serving certificate and key as they were in their files at one moment.
@SuppressWarnings("ArrayRecordComponent") // Bytes that are passed on, never compared as a value.
record ServingCertificate(byte[] certificate, byte[] key) {

    /// Reads both files.
    ///
    /// @throws IOException when a file cannot be read or holds no certificate
    static ServingCertificate read(Path certificateFile, Path keyFile) throws IOException {
        ServingCertificate read =
                new ServingCertificate(
                        Files.readAllBytes(certificateFile), Files.readAllBytes(keyFile));
        read.leaf();
        return read;
    }

    boolean hasSameBytes(ServingCertificate other) {
        return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key);
    }

    Instant expires() throws IOException {
        return leaf().getNotAfter().toInstant();
    }

    private X509Certificate leaf() throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(certificate));
        } catch (CertificateException e) {
            throw new IOException("not a certificate: " + e.getMessage(), e);
        }
    }

    ServerSSLOptions toOptions() {
        ServerSSLOptions options =
                new ServerSSLOptions()
                        .setKeyCertOptions(
                                new PemKeyCertOptions()
                                        .addCertValue(Buffer.buffer(certificate))
                                        .addKeyValue(Buffer.buffer(key)))
                        .setTrustOptions(TrustOptions.wrap(new AcceptAnyClient()))
                        .setClientAuth(ClientAuth.REQUEST);
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        return options;
    }
}
