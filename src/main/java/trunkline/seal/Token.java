package trunkline.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// What a stranger carries: `v1.` and, in base64url, the key's id, the end of its validity, a nonce
/// and the content under AES-256-GCM. All of it but the nonce is authenticated by the tag, and the
/// nonce by being used.
///
/// @param key the id of the key
/// @param until when it expires, in milliseconds of the database's clock
/// @param nonce random, once for each token
/// @param sealed the ciphertext with its tag
@SuppressWarnings("ArrayRecordComponent") // never compared
record Token(UUID key, Instant until, byte[] nonce, byte[] sealed) {
  private static final String VERSION = "v1.";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int HEADER_BYTES = 2 * Long.BYTES + Long.BYTES;
  private static final int LEAST_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;
  private static final SecureRandom RANDOM = new SecureRandom();

  static Token seal(SealKey key, Instant until, byte[] content, byte[] boundTo) {
    var nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    var header = header(key.id(), until);
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, key.secret(), nonce, header, boundTo);
      return new Token(key.id(), until, nonce, cipher.doFinal(content));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this runtime does not seal: " + e, e);
    }
  }

  /// The content, or nothing when it was not sealed with the key and for this
  Optional<byte[]> open(SealKey with, byte[] boundTo) {
    try {
      var cipher = cipher(Cipher.DECRYPT_MODE, with.secret(), nonce, header(key, until), boundTo);
      return Optional.of(cipher.doFinal(sealed));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this runtime does not open seals: " + e, e);
    }
  }

  /// The header has one length, so nothing of it can be taken for the beginning of the binding.
  private static Cipher cipher(
      int mode, SecretKey secret, byte[] nonce, byte[] header, byte[] boundTo)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, secret, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(VERSION.getBytes(StandardCharsets.US_ASCII));
    cipher.updateAAD(header);
    cipher.updateAAD(boundTo);
    return cipher;
  }

  private static byte[] header(UUID key, Instant until) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .putLong(key.getMostSignificantBits())
        .putLong(key.getLeastSignificantBits())
        .putLong(until.toEpochMilli())
        .array();
  }

  String text() {
    var bytes =
        ByteBuffer.allocate(HEADER_BYTES + NONCE_BYTES + sealed.length)
            .put(header(key, until))
            .put(nonce)
            .put(sealed)
            .array();
    return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Reads what [#text()] has written, and nothing that merely decodes to the same: a token has one
  /// spelling.
  static Optional<Token> parse(String text) {
    if (!text.startsWith(VERSION)) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text.substring(VERSION.length()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length < LEAST_BYTES) {
      return Optional.empty();
    }
    var header = ByteBuffer.wrap(bytes);
    var key = new UUID(header.getLong(), header.getLong());
    var until = Instant.ofEpochMilli(header.getLong());
    var sealed = HEADER_BYTES + NONCE_BYTES;
    var token =
        new Token(
            key,
            until,
            Arrays.copyOfRange(bytes, HEADER_BYTES, sealed),
            Arrays.copyOfRange(bytes, sealed, bytes.length));
    return Optional.of(token).filter(read -> read.text().equals(text));
  }
}
