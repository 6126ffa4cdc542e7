package io.paas.apiserver.it;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority for tests.
public final class TestCa {

    /// A certificate with its key.
    public record Identity(X509Certificate certificate, KeyPair keys) {

        public String certificatePem() {
            return pem(certificate);
        }

        public String keyPem() {
            try {
                return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// Writes `<name>.crt` and `<name>.key`.
        public void write(Path directory, String name) throws IOException {
            Files.writeString(directory.resolve(name + ".crt"), certificatePem());
            Files.writeString(directory.resolve(name + ".key"), keyPem());
        }
    }

    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    public TestCa(String commonName) {
        this.name = new X500Name("CN=" + commonName);
        this.keys = newKeys();
        this.certificate =
                sign(
                        new JcaX509v3CertificateBuilder(
                                name,
                                serial(),
                                before(),
                                after(Duration.ofDays(1)),
                                name,
                                keys.getPublic()),
                        builder ->
                                builder.addExtension(
                                        Extension.basicConstraints,
                                        true,
                                        new BasicConstraints(true)));
    }

    public String pem() {
        return pem(certificate);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /// For TLS servers of the given DNS names and of 127.0.0.1.
    public Identity server(String... dnsNames) {
        GeneralName[] names = new GeneralName[dnsNames.length + 1];
        names[0] = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
        for (int i = 0; i < dnsNames.length; i++) {
            names[i + 1] = new GeneralName(GeneralName.dNSName, dnsNames[i]);
        }
        return issue(
                "CN=server",
                KeyPurposeId.id_kp_serverAuth,
                Duration.ofDays(1),
                new GeneralNames(names));
    }

    /// For TLS clients, for example `CN=jane,O=developers`.
    public Identity client(String subject) {
        return issue(subject, KeyPurposeId.id_kp_clientAuth, Duration.ofDays(1), null);
    }

    public Identity expiredClient(String subject) {
        return issue(subject, KeyPurposeId.id_kp_clientAuth, Duration.ofSeconds(-1), null);
    }

    private Identity issue(String subject, KeyPurposeId usage, Duration life, GeneralNames names) {
        KeyPair own = newKeys();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        name,
                        serial(),
                        before(),
                        after(life),
                        new X500Name(subject),
                        own.getPublic());
        X509Certificate issued =
                sign(
                        builder,
                        b -> {
                            b.addExtension(
                                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage));
                            if (names != null) {
                                b.addExtension(Extension.subjectAlternativeName, false, names);
                            }
                        });
        return new Identity(issued, own);
    }

    private interface Extensions {
        void addTo(X509v3CertificateBuilder builder) throws IOException;
    }

    private X509Certificate sign(X509v3CertificateBuilder builder, Extensions extensions) {
        try {
            extensions.addTo(builder);
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(keys.getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BigInteger serial() {
        return new BigInteger(120, new SecureRandom());
    }

    private static Date before() {
        return Date.from(Instant.now().minus(Duration.ofMinutes(5)));
    }

    private static Date after(Duration life) {
        return Date.from(Instant.now().plus(life));
    }

    static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
