package trunkline.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A certificate authority of a test's own, made with the JDK's `keytool`, as PEM files.
public final class TestAuthority {
  private static final String PASSWORD = "changeit";

  private final Path folder;

  private TestAuthority(Path folder) {
    this.folder = folder;
  }

  /// Makes the authority, and a certificate that it signs for 127.0.0.1 and localhost.
  public static TestAuthority create(Path folder) {
    var authority = new TestAuthority(folder);
    authority.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c");
    authority.keytool("-genkeypair", "-alias", "server", "-dname", "CN=localhost");
    authority.keytool("-certreq", "-alias", "server", "-file", "server.csr");
    authority.keytool(
        "-gencert",
        "-alias",
        "ca",
        "-infile",
        "server.csr",
        "-outfile",
        "server.der",
        "-ext",
        "san=ip:127.0.0.1,dns:localhost");
    authority.keytool("-importcert", "-noprompt", "-alias", "server", "-file", "server.der");
    authority.export();
    return authority;
  }

  /// The certificate that clients must trust.
  public Path certificate() {
    return folder.resolve("ca.crt");
  }

  public Path serverCertificate() {
    return folder.resolve("server.crt");
  }

  public Path serverKey() {
    return folder.resolve("server.key");
  }

  private void export() {
    try {
      var store = KeyStore.getInstance(folder.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
      pem(certificate(), "CERTIFICATE", store.getCertificate("ca").getEncoded());
      pem(serverCertificate(), "CERTIFICATE", store.getCertificate("server").getEncoded());
      pem(serverKey(), "PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void pem(Path file, String type, byte[] der) throws IOException {
    var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, lines.encodeToString(der), type));
  }

  private void keytool(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", "keys.p12", "-storepass", PASSWORD));
    if (arguments[0].equals("-genkeypair")) {
      command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
    }
    try {
      var process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + "\n" + output);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
