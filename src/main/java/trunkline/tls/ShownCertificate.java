package trunkline.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// The certificate that a client showed when its connection was opened, and was believed then.
public final class ShownCertificate {
  private static final int ID_BYTES = 6;

  private final List<X509Certificate> chain;
  private final TlsFiles files;

  private ShownCertificate(List<X509Certificate> chain, TlsFiles files) {
    this.chain = chain;
    this.files = files;
  }

  /// The certificate of a connection.
  ///
  /// @param shown the client's own first
  /// @param files of the listener that it came to
  public static ShownCertificate of(Certificate[] shown, TlsFiles files) {
    var chain = Stream.of(shown).map(X509Certificate.class::cast).toList();
    return new ShownCertificate(chain, files);
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /// Whether it would be believed now: it has not run out, and the authorities are still those who
  /// signed it.
  public boolean isTrusted() {
    return files.trusts(chain);
  }

  /// The beginning of its SHA-256, enough to tell one from another.
  public String id() {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(certificate().getEncoded());
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has bytes", e);
    }
  }

  public Instant expires() {
    return certificate().getNotAfter().toInstant();
  }
}
