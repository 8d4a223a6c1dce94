package trunkline.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import trunkline.store.FileReason;

/// A PEM file: blocks of base64 with a label each (RFC 7468). What stands between them is a
/// comment.
///
/// @param file for messages
record Pem(Path file, String text) {
  /// A certificate is 1 to 4 KiB; a bundle of all public authorities has 250.
  private static final int BYTES_MAX = 1 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([\\s\\S]*?)-----END \\1-----");

  /// @param label such as `CERTIFICATE`
  record Block(String label, String base64) {
    byte[] der() {
      return Base64.getMimeDecoder().decode(base64);
    }

    /// Whether headers stand before the base64, as in keys that OpenSSL once encrypted.
    boolean hasHeaders() {
      return base64.contains(":");
    }
  }

  /// @throws TlsUnusable when it cannot be read
  static Pem read(Path file) {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new TlsUnusable(file + " is larger than a file of certificates: 1 MiB at most");
      }
      return new Pem(file, new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new TlsUnusable("cannot read " + file + ": " + FileReason.of(e), e);
    }
  }

  List<Block> blocks() {
    return BLOCK
        .matcher(text)
        .results()
        .map(found -> new Block(found.group(1), found.group(2)))
        .toList();
  }

  /// All certificates, in the file's order; at least one.
  List<X509Certificate> certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    for (var block : blocks()) {
      if (block.label().equals("CERTIFICATE")) {
        certificates.add(certificate(block, certificates.size() + 1));
      }
    }
    if (certificates.isEmpty()) {
      throw new TlsUnusable(
          "there is no certificate in " + file + ": it has to hold -----BEGIN CERTIFICATE-----");
    }
    return List.copyOf(certificates);
  }

  private X509Certificate certificate(Block block, int number) {
    try {
      var der = new ByteArrayInputStream(block.der());
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der);
    } catch (CertificateException | IllegalArgumentException e) {
      throw new TlsUnusable("certificate " + number + " of " + file + " is damaged", e);
    }
  }

  @Override
  public String toString() {
    return file.toString(); // never what is in it
  }
}
