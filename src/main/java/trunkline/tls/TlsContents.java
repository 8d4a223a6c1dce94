package trunkline.tls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// The files as they are at one moment. All of them are read each time: a mounted secret is changed
/// by turning a link, which shows in neither the time nor the size of the file that it was.
record TlsContents(Pem certificate, Pem key, Optional<Pem> clients) {
  static TlsContents read(TlsSettings settings) {
    return new TlsContents(
        Pem.read(settings.certificate()),
        Pem.read(settings.key()),
        settings.clients().map(clients -> Pem.read(clients.authorities())));
  }

  /// What tells them from others, and nothing of them.
  String digest() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      add(digest, certificate);
      add(digest, key);
      clients.ifPresent(pem -> add(digest, pem));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, Pem pem) {
    digest.update(Integer.toString(pem.text().length()).getBytes(StandardCharsets.US_ASCII));
    digest.update((byte) ':');
    digest.update(pem.text().getBytes(StandardCharsets.ISO_8859_1));
  }
}
