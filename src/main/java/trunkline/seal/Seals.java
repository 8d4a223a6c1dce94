package trunkline.seal;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import trunkline.signal.Step;
import trunkline.store.Clockwork;
import trunkline.store.Database;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// What is carried through a stranger's hands, from one instance to another: nobody but an instance
/// of this cluster can make, read or change it, and it is good for nothing else, and not for ever.
///
/// Neither sealing nor opening asks the database, but for an id of a key that this instance does
/// not know. The promises are in the package's documentation.
public final class Seals {
  /// The longest time for which a seal may hold.
  public static final Duration VALIDITY_MAX = SealPolicy.DEFAULT.validityMax();

  private final KeySource source;
  private final LongSupplier nanos;
  private final SealPolicy policy;
  private final EventSink events;
  private final KnownKeys keys;

  public Seals(Database database, EventSink events) {
    this(new SealKeyRows(database, Clockwork::nanos), Clockwork::nanos, SealPolicy.DEFAULT, events);
  }

  /// @param nanos the local monotonic clock
  Seals(KeySource source, LongSupplier nanos, SealPolicy policy, EventSink events) {
    this.source = source;
    this.nanos = nanos;
    this.policy = policy;
    this.events = events;
    this.keys = new KnownKeys(source, nanos, policy, events);
  }

  /// Reads the keys.
  public void start() {
    var _ = keys.read();
  }

  /// Forgets what it knows of the keys, as before a start: for an instance that has registered
  /// anew, perhaps in a database that was restored or swapped. Asks nothing of the database;
  /// whoever needs a key does.
  public void restart() {
    keys.forget();
  }

  /// Seals: printable ASCII, by a third longer than the content, and 75 characters.
  ///
  /// @param boundTo what it holds for: whose it is, for which method, name and arguments. It is not
  ///   in the token and must be the same when that is opened; fields of it that have no fixed
  ///   length need their lengths, or two meanings have one spelling
  /// @param validFor [#VALIDITY_MAX] at most
  /// @throws DatabaseFailure when the keys were not read for a day, or not since a new beginning,
  ///   and cannot be now
  public String seal(byte[] content, byte[] boundTo, Duration validFor) {
    if (!validFor.isPositive() || validFor.compareTo(policy.validityMax()) > 0) {
      throw new IllegalArgumentException(
          "a seal holds for up to " + policy.validityMax() + ", not " + validFor);
    }
    var ring = keys.ring();
    if (ring.age(nanos.getAsLong()).compareTo(policy.ageMax()) > 0) {
      ring = keys.again();
    }
    var now = ring.clock(nanos.getAsLong());
    return Token.seal(ring.sealing(now), now.plus(validFor), content, boundTo).text();
  }

  /// Opens a token, from whomever it may come.
  ///
  /// @param boundTo as it was when it was sealed
  /// @throws DatabaseUnavailable when its key is not known here and the database does not answer:
  ///   nobody can say then what the token is
  public Opened open(String token, byte[] boundTo) {
    var opened = Token.parse(token).map(read -> open(read, boundTo)).orElseGet(Opened.Forged::new);
    switch (opened) {
      case Opened.Content _ -> {}
      case Opened.Expired _ -> events.emit(new ServerEvent.SealRefused("expired"));
      case Opened.Forged _ -> events.emit(new ServerEvent.SealRefused("forged"));
    }
    return opened;
  }

  private Opened open(Token token, byte[] boundTo) {
    var ring = keys.ring();
    var key = ring.find(token.key());
    if (key.isEmpty()) {
      ring = keys.again();
      key = ring.find(token.key());
    }
    var content = key.flatMap(with -> token.open(with, boundTo));
    if (content.isEmpty()) {
      return new Opened.Forged();
    }
    var late = token.until().plus(policy.tolerance()).isBefore(ring.clock(nanos.getAsLong()));
    return late ? new Opened.Expired() : new Opened.Content(content.get());
  }

  /// Makes a key that is used a minute later, when every instance has read it, as
  /// `trunkline.rotate_seal_key()` does.
  ///
  /// @return from when on it is used
  public Instant rotate() {
    return source.rotate();
  }

  /// For the upkeep: what is new is read before it is used.
  public Step reread() {
    var _ = keys.read();
    return Step.whole(0);
  }

  /// For the clean-up: makes a key a day after the newest, and removes those that nothing needs.
  public Step sweep(int rowsMax) {
    return Step.upTo(rowsMax, source.keep(rowsMax));
  }
}
