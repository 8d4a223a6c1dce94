package trunkline.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A certificate authority of a test's own, made with the JDK's `keytool`, as PEM files.
public final class TestAuthority {
  private static final String PASSWORD = "changeit";
  private static final String SERVER = "server";

  private final Path folder;

  private TestAuthority(Path folder) {
    this.folder = folder;
  }

  /// A certificate that it signed, and its key, as PEM files.
  public record Issued(String alias, Path certificate, Path key) {}

  /// Makes the authority, and a certificate that it signs for 127.0.0.1 and localhost.
  public static TestAuthority create(Path folder) {
    var authority = new TestAuthority(folder);
    authority.keytool(
        "-genkeypair", "-alias", "ca", "-dname", "CN=Test CA", "-ext", "bc:c", "-validity", "2");
    write(authority.certificate(), "CERTIFICATE", authority.found("ca"));
    authority.issueServer(SERVER);
    return authority;
  }

  /// Signs a certificate for 127.0.0.1 and localhost.
  public Issued issueServer(String alias) {
    return issue(alias, "CN=localhost", "san=ip:127.0.0.1,dns:localhost");
  }

  /// Signs a certificate of this subject for two days.
  ///
  /// @param extensions as `keytool` takes them, such as `san=uri:spiffe://example.org/ada`
  public Issued issue(String alias, String subject, String... extensions) {
    return issueFor("-1H", 2, alias, subject, extensions);
  }

  /// Signs one that begins some time from now, such as `-3d`, and lasts some days.
  public Issued issueFor(
      String start, int days, String alias, String subject, String... extensions) {
    var arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-signer", "ca"));
    arguments.addAll(List.of("-dname", subject, "-validity", Integer.toString(days)));
    arguments.addAll(List.of("-startdate", start));
    for (var extension : extensions) {
      arguments.addAll(List.of("-ext", extension));
    }
    keytool(arguments.toArray(String[]::new));
    var issued = new Issued(alias, folder.resolve(alias + ".crt"), folder.resolve(alias + ".key"));
    write(issued.certificate(), "CERTIFICATE", found(alias));
    writeKey(issued.key(), key(alias));
    return issued;
  }

  /// The certificate that clients must trust.
  public Path certificate() {
    return folder.resolve("ca.crt");
  }

  public Path serverCertificate() {
    return folder.resolve(SERVER + ".crt");
  }

  public Path serverKey() {
    return folder.resolve(SERVER + ".key");
  }

  /// A client's that believes this authority alone.
  public SSLContext trusting() {
    return context(null, found("ca"));
  }

  /// A client's that believes this authority, and shows a certificate of it.
  public SSLContext showing(Issued own) {
    return context(own, found("ca"));
  }

  /// A client's that believes another authority, and shows a certificate of this one.
  public SSLContext showing(Issued own, TestAuthority believed) {
    return context(own, believed.found("ca"));
  }

  private SSLContext context(@Nullable Issued own, Certificate believed) {
    try {
      var trusted = empty();
      trusted.setCertificateEntry("ca", believed);
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      var keys = KeyManagerFactory.getInstance("PKIX");
      var store = empty();
      if (own != null) {
        Certificate[] chain = {found(own.alias())};
        store.setKeyEntry(own.alias(), key(own.alias()), PASSWORD.toCharArray(), chain);
      }
      keys.init(store, PASSWORD.toCharArray());
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private Certificate found(String alias) {
    try {
      return store().getCertificate(alias);
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private PrivateKey key(String alias) {
    try {
      return (PrivateKey) store().getKey(alias, PASSWORD.toCharArray());
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  private KeyStore store() throws GeneralSecurityException, IOException {
    return KeyStore.getInstance(folder.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
  }

  private static void write(Path file, String type, Certificate certificate) {
    try {
      pem(file, type, certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void writeKey(Path file, PrivateKey key) {
    pem(file, "PRIVATE KEY", key.getEncoded());
  }

  /// Writes what PEM writes.
  public static void pem(Path file, String type, byte[] der) {
    var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    try {
      Files.writeString(
          file,
          "-----BEGIN %s-----\n%s\n-----END %s-----\n"
              .formatted(type, lines.encodeToString(der), type));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void keytool(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", "keys.p12", "-storepass", PASSWORD));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
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
