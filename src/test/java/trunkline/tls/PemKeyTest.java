package trunkline.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.testing.TestAuthority;

/// Goal: keys are read as OpenSSL and cert-manager write them, and what cannot be used is said
/// without a byte of it.
class PemKeyTest {
  /// Made for this test by `openssl ecparam -name prime256v1 -genkey`, which names the curve first.
  private static final String SEC_1 =
      """
      -----BEGIN EC PARAMETERS-----
      BggqhkjOPQMBBw==
      -----END EC PARAMETERS-----
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEIDlCTRFFD/tFCfSZFGxKRRAadVK1ZqYEUP5tAfZ2zqL+oAoGCCqGSM49
      AwEHoUQDQgAEGF6mZLYQOgMjV+wxX7693n7KhMjYmrfnF2ENcTaIgtcpNwdWqJEE
      sFvRT4NqsTJ7zbaiEKbx+VMBbVohqvaSOg==
      -----END EC PRIVATE KEY-----
      """;

  /// The same by `openssl pkey`.
  private static final String PKCS_8 =
      """
      what stands before is a comment
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOUJNEUUP+0UJ9JkU
      bEpFEBp1UrVmpgRQ/m0B9nbOov6hRANCAAQYXqZkthA6AyNX7DFfvr3efsqEyNia
      t+cXYQ1xNoiC1yk3B1aokQSwW9FPg2qxMnvNtqIQpvH5UwFtWiGq9pI6
      -----END PRIVATE KEY-----
      """;

  /// Where the inner part of a PKCS #8 key of RSA begins.
  private static final int RSA_HEADER_BYTES = 26;

  @TempDir private Path folder;

  private PrivateKey read(String text) throws Exception {
    return PemKey.in(Pem.read(Files.writeString(folder.resolve("key.pem"), text)));
  }

  private PrivateKey read(String label, byte[] der) {
    var file = folder.resolve("key.pem");
    TestAuthority.pem(file, label, der);
    return PemKey.in(Pem.read(file));
  }

  private static BigInteger number(PrivateKey key) {
    return ((ECPrivateKey) key).getS();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519", "Ed448"})
  void a_key_of_each_algorithm_is_read(String algorithm) throws Exception {
    var key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();

    assertThat(read("PRIVATE KEY", key.getEncoded())).isEqualTo(key);
  }

  @Test
  void older_forms_are_read() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var key = generator.generateKeyPair().getPrivate();
    var whole = key.getEncoded();
    var inner = Arrays.copyOfRange(whole, RSA_HEADER_BYTES, whole.length);

    assertThat(read("RSA PRIVATE KEY", inner)).isEqualTo(key);
    assertThat(number(read(SEC_1))).isEqualTo(number(read(PKCS_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        c2VjcmV0
        -----END ENCRYPTED PRIVATE KEY-----
        """,
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,48

        c2VjcmV0
        -----END RSA PRIVATE KEY-----
        """
      })
  void an_encrypted_key_is_refused_with_what_to_do(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(TlsUnusable.class)
        .hasMessageContaining("key.pem")
        .hasMessageContaining("is encrypted")
        .hasMessageContaining("openssl pkey")
        .hasMessageNotContaining("c2VjcmV0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nMASghP////8=\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nMASEhP////8=\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\n!\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN DSA PRIVATE KEY-----\nc2VjcmV0\n-----END DSA PRIVATE KEY-----\n"
      })
  void a_damaged_key_is_refused_without_a_byte_of_it(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(TlsUnusable.class)
        .hasMessageContaining("key.pem")
        .hasMessageContaining("is damaged")
        .hasMessageNotContaining("c2VjcmV0");
  }

  @Test
  void none_and_two_are_refused() {
    assertThatThrownBy(() -> read("")).hasMessageContaining("there is no private key in");
    assertThatThrownBy(() -> read(SEC_1 + PKCS_8))
        .hasMessageContaining("there are 2 private keys in");
  }
}
