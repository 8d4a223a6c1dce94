package trunkline.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Scopes;
import trunkline.jsonrpc.Codec;
import trunkline.session.Credential;
import trunkline.session.Principal;
import trunkline.store.FileReason;

/// Bearer tokens from a file that holds only their SHA-256: lines of `name sha256hex`, after which
/// claims of the principal may follow as a JSON object; `#` starts a comment. Several tokens may
/// name one principal, so a token is rotated by adding the new line first. The file is read again
/// when it changes; a broken one is reported and the former list stays. Neither tokens nor their
/// hashes are ever logged.
///
/// Unsalted and fast is right here: a token is meant to be long and random (`openssl rand -hex
/// 32`), not a password.
public final class BearerTokens implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(BearerTokens.class);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  @SuppressWarnings("ArrayRecordComponent") // compared in constant time, never by equals
  record Token(String name, byte[] sha256, ObjectNode claims) {
    /// Enough of the hash to tell one from another.
    String id() {
      return "file:" + HexFormat.of().formatHex(sha256, 0, 6);
    }
  }

  record Listing(List<Token> tokens, FileTime modified, long size, long lookedNanos) {}

  private final Path file;
  private volatile Listing listing;

  public BearerTokens(Path file) {
    this.file = file;
    this.listing = read();
  }

  @Override
  public Verdict judge(Credentials credentials) {
    var sent = Bearer.token(credentials);
    if (sent.isEmpty()) {
      return new Verdict.Unknown("a bearer token is needed", Challenges.PLAIN.missing());
    }
    var token = find(sent.get());
    return token == null
        ? new Verdict.Unknown(
            "the token is not known", Challenges.PLAIN.invalid("the token is not known"))
        : new Verdict.Known(
            new Principal(token.name()),
            token.claims(),
            new Credential(token.id(), scopes(token), null),
            new Listed(token));
  }

  /// Whether the file names it.
  public boolean lists(String token) {
    return find(token) != null;
  }

  /// As an access token has them (RFC 9068, section 2.2.3): `{"scope": "orders.read
  /// orders.write"}`.
  private static Scopes scopes(Token token) {
    return Scopes.parse(token.claims().path("scope").asString(""));
  }

  /// Whether a token's line is there still. Each open stream asks, so a list is gone through once.
  private final class Listed implements Standing {
    private final Token token;
    private volatile List<Token> found;

    Listed(Token token) {
      this.token = token;
      this.found = List.of();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a list that was read again is another one
    public boolean holds() {
      var tokens = current().tokens();
      if (tokens == found) {
        return true;
      }
      var isListed =
          tokens.stream()
              .anyMatch(known ->
                  known.name().equals(token.name())
                      && MessageDigest.isEqual(known.sha256(), token.sha256()));
      if (isListed) {
        found = tokens;
      }
      return isListed;
    }
  }

  /// Compares with every entry in constant time, so that how long it takes says nothing.
  private @Nullable Token find(String token) {
    var sought = sha256(token);
    Token found = null;
    for (var known : current().tokens()) {
      if (MessageDigest.isEqual(known.sha256(), sought)) {
        found = known;
      }
    }
    return found;
  }

  private Listing current() {
    var now = listing;
    if (System.nanoTime() - now.lookedNanos() < LOOK_INTERVAL.toNanos()) {
      return now;
    }
    return refresh();
  }

  /// Checks the file now; otherwise the first request of each second does so.
  synchronized Listing refresh() {
    try {
      var now = listing;
      if (Files.getLastModifiedTime(file).equals(now.modified())
          && Files.size(file) == now.size()) {
        listing = new Listing(now.tokens(), now.modified(), now.size(), System.nanoTime());
      } else {
        listing = read();
        LOG.info("bearer tokens read again: {} entries", listing.tokens().size());
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      var now = listing;
      LOG.warn("bearer tokens not read again, the former list stays: {}", e.getMessage());
      listing = new Listing(now.tokens(), now.modified(), now.size(), System.nanoTime());
    }
    return listing;
  }

  private Listing read() {
    try {
      // Attributes first: a change while we read is then seen next time.
      var modified = Files.getLastModifiedTime(file);
      var size = Files.size(file);
      List<Token> tokens = new ArrayList<>();
      var number = 0;
      for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
          tokens.add(token(line.strip(), number));
        }
      }
      return new Listing(List.copyOf(tokens), modified, size, System.nanoTime());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the token file " + file + ": " + FileReason.of(e), e);
    }
  }

  private Token token(String line, int number) {
    var fields = line.split("\\s+", 3);
    if (fields.length < 2
        || !fields[1].matches("[0-9a-fA-F]{64}")
        || TrustedHeader.isReserved(fields[0])) {
      throw new IllegalArgumentException(
          "line " + number + " of " + file + " is not: name, space, SHA-256 in 64 hex digits");
    }
    var claims = fields.length == 2 ? Codec.object() : claims(fields[2], number);
    return new Token(fields[0], HexFormat.of().parseHex(fields[1]), claims);
  }

  private ObjectNode claims(String json, int number) {
    try {
      return Codec.objectFrom(json);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "what follows the SHA-256 in line "
              + number
              + " of "
              + file
              + " is no JSON object of claims, such as {\"team\": \"kitchen\"}",
          e);
    }
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
