package trunkline.tls;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/// The private key in a PEM file. Java reads PKCS #8 alone; OpenSSL and cert-manager also write the
/// older forms of each algorithm, `RSA PRIVATE KEY` (PKCS #1) and `EC PRIVATE KEY` (SEC 1), which
/// are the inner part of it.
final class PemKey {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  /// In SEC 1, the curve: a constructed value with the tag 0.
  private static final int CURVE = 0xA0;

  /// Of a length that is written in bytes of its own.
  private static final int LENGTH_BYTES_MAX = 2;

  private static final byte[] VERSION = {0x02, 0x01, 0x00};
  private static final byte[] RSA = {
    0x30,
    0x0D,
    0x06,
    0x09,
    0x2A,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xF7,
    0x0D,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };
  private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

  private PemKey() {}

  /// @throws TlsUnusable when there is none, several, or one that cannot be used
  static PrivateKey in(Pem pem) {
    var blocks =
        pem.blocks().stream().filter(block -> block.label().endsWith("PRIVATE KEY")).toList();
    if (blocks.size() != 1) {
      throw new TlsUnusable(
          "there "
              + (blocks.isEmpty() ? "is no private key" : "are " + blocks.size() + " private keys")
              + " in "
              + pem.file()
              + ": it has to hold one, -----BEGIN PRIVATE KEY-----");
    }
    var block = blocks.getFirst();
    if (block.label().startsWith("ENCRYPTED") || block.hasHeaders()) {
      throw new TlsUnusable(
          "the private key in "
              + pem.file()
              + " is encrypted, and nobody could type its password at a start: decrypt it with"
              + " openssl pkey and let the file's rights protect it");
    }
    return pkcs8(block)
        .flatMap(PemKey::key)
        .orElseThrow(() ->
            new TlsUnusable(
                "the private key in " + pem.file() + " is damaged, or neither RSA, EC nor EdDSA"));
  }

  private static Optional<byte[]> pkcs8(Pem.Block block) {
    try {
      return switch (block.label()) {
        case "PRIVATE KEY" -> Optional.of(block.der());
        case "RSA PRIVATE KEY" -> Optional.of(wrapped(RSA, block.der()));
        case "EC PRIVATE KEY" -> {
          var curve = curve(block.der());
          yield Optional.of(wrapped(der(SEQUENCE, joined(EC, curve)), block.der()));
        }
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Optional<PrivateKey> key(byte[] pkcs8) {
    for (var algorithm : ALGORITHMS) {
      try {
        var key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        return Optional.of(key);
      } catch (GeneralSecurityException _) {
        // of another algorithm
      }
    }
    return Optional.empty();
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, joined(VERSION, algorithm, der(OCTETS, key)));
  }

  /// The curve's name in a SEC 1 key: a sequence of version, number and then the curve.
  private static byte[] curve(byte[] key) {
    var at = content(key, 0);
    while (at < key.length) {
      var from = content(key, at);
      var to = from + length(key, at);
      if ((key[at] & 0xFF) == CURVE) {
        return part(key, from, to);
      }
      at = to;
    }
    throw new IllegalArgumentException("no curve");
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    var part = new byte[to - from];
    System.arraycopy(bytes, from, part, 0, part.length);
    return part;
  }

  /// Where the content of the value begins that stands there.
  private static int content(byte[] der, int at) {
    var first = der[at + 1] & 0xFF;
    if (first > 0x80 + LENGTH_BYTES_MAX) {
      throw new IllegalArgumentException("no part of a key is so long");
    }
    return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
  }

  private static int length(byte[] der, int at) {
    var first = der[at + 1] & 0xFF;
    if (first < 0x80) {
      return first;
    }
    var length = 0;
    for (var i = at + 2; i < content(der, at); i++) {
      length = (length << 8) | (der[i] & 0xFF);
    }
    return length;
  }

  private static byte[] der(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else if (content.length < 0x100) {
      out.write(0x81);
      out.write(content.length);
    } else if (content.length < 0x1_0000) {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    } else {
      throw new IllegalArgumentException("no key is so long");
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
