package trunkline.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// What one look at the files found: the server's certificates, and whom it believes. Each has a
/// context of its own, so that sessions which were begun with a former one are not resumed.
final class TlsIdentity {
  private static final Duration WARNING_MAX = Duration.ofDays(14);
  private static final int WARNING_SHARE = 5;

  /// Clients' certificates whose check is remembered; it takes about as long as a signature.
  private static final int CHECKED_MAX = 10_000;

  /// Of a key store that is never written.
  private static final char[] PASSWORD = "in memory alone".toCharArray();

  private static final byte[] SIGNED = "whether they belong together".getBytes(US_ASCII);

  private final List<X509Certificate> chain;
  private final SSLContext context;
  private final Optional<X509TrustManager> clients;
  private final Map<X509Certificate, Boolean> checked = new ConcurrentHashMap<>();

  private TlsIdentity(
      List<X509Certificate> chain, SSLContext context, Optional<X509TrustManager> clients) {
    this.chain = chain;
    this.context = context;
    this.clients = clients;
  }

  /// @throws TlsUnusable when they do not belong together
  static TlsIdentity of(TlsContents contents) {
    var chain = contents.certificate().certificates();
    requireChain(contents.certificate(), chain);
    var key = PemKey.in(contents.key());
    if (!belongTogether(key, chain.getFirst())) {
      throw new TlsUnusable(
          "the private key in "
              + contents.key().file()
              + " is not that of the first certificate in "
              + contents.certificate().file());
    }
    try {
      var clients = contents.clients().map(TlsIdentity::trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(
          keys(chain, key), clients.stream().toArray(TrustManager[]::new), /* random */ null);
      return new TlsIdentity(chain, context, clients);
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsUnusable(
          "the certificate in " + contents.certificate().file() + " cannot be used", e);
    }
  }

  private static void requireChain(Pem pem, List<X509Certificate> chain) {
    for (var i = 1; i < chain.size(); i++) {
      var signed = chain.get(i - 1).getIssuerX500Principal();
      if (!signed.equals(chain.get(i).getSubjectX500Principal())) {
        throw new TlsUnusable(
            "certificate "
                + (i + 1)
                + " of "
                + pem.file()
                + " did not sign the one before it: the server's own comes first");
      }
    }
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    try {
      var signature = Signature.getInstance(signature(key));
      signature.initSign(key);
      signature.update(SIGNED);
      var signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(SIGNED);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false; // of another algorithm, or curve
    }
  }

  private static String signature(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "EdDSA";
    };
  }

  private static KeyManager[] keys(List<X509Certificate> chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", key, PASSWORD, chain.toArray(X509Certificate[]::new));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    return keys.getKeyManagers();
  }

  private static X509TrustManager trusted(Pem authorities) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      var number = 0;
      for (var authority : authorities.certificates()) {
        store.setCertificateEntry("authority " + ++number, authority);
      }
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      return Stream.of(trust.getTrustManagers())
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsUnusable("the certificates in " + authorities.file() + " cannot be used", e);
    }
  }

  SSLContext context() {
    return context;
  }

  /// Whom the server's certificate names.
  String subject() {
    return chain.getFirst().getSubjectX500Principal().getName();
  }

  /// When the first of its certificates runs out.
  Instant expires() {
    return chain.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /// From when on somebody should renew it: the last fifth of its life, two weeks at most.
  Instant renewal() {
    var own = chain.getFirst();
    var life = Duration.between(own.getNotBefore().toInstant(), own.getNotAfter().toInstant());
    var ahead = life.dividedBy(WARNING_SHARE);
    return expires().minus(ahead.compareTo(WARNING_MAX) < 0 ? ahead : WARNING_MAX);
  }

  /// Whether a client that shows these certificates would be believed now, whoever believed it when
  /// its connection was opened.
  boolean trusts(List<X509Certificate> shown) {
    try {
      for (var certificate : shown) {
        certificate.checkValidity();
      }
    } catch (CertificateException _) {
      return false;
    }
    if (checked.size() > CHECKED_MAX) {
      checked.clear();
    }
    return checked.computeIfAbsent(shown.getFirst(), _ -> isSignedWell(shown));
  }

  private boolean isSignedWell(List<X509Certificate> shown) {
    if (clients.isEmpty()) {
      return false;
    }
    try {
      var algorithm = shown.getFirst().getPublicKey().getAlgorithm();
      clients.get().checkClientTrusted(shown.toArray(X509Certificate[]::new), algorithm);
      return true;
    } catch (CertificateException _) {
      return false;
    }
  }
}
