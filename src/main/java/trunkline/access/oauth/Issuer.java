package trunkline.access.oauth;

import com.nimbusds.jose.JWSHeader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// An issuer of tokens and the keys that it signs them with, as they were read last.
///
/// They are read by whoever needs them, one at a time, on a thread of its own:
///
/// | age | what happens |
/// |---|---|
/// | up to half of `keysAgeMax` | nothing |
/// | up to `keysAgeMax` | they count, and are read again meanwhile |
/// | up to `outageMax` more | they count if the issuer is away; the first to come waits to see that |
/// | beyond, or none were read yet | nobody is judged: [ProviderAway] |
///
/// A token of an unknown key has them read at once: [#UNKNOWN_AT_ONCE] times, and then once in each
/// [#UNKNOWN_INTERVAL]. After a failure it is tried again after a second, and then more and more
/// rarely, up to [#RETRY_MAX]. So nobody who sends tokens, however many, makes more requests of it.
final class Issuer {
  static final int UNKNOWN_AT_ONCE = 4;
  static final Duration UNKNOWN_INTERVAL = Duration.ofSeconds(15);
  static final Duration RETRY_FIRST = Duration.ofSeconds(1);
  static final Duration RETRY_MAX = Duration.ofSeconds(30);

  /// Who has nothing else waits for both documents, who has old keys not for long.
  private static final Duration PATIENCE = ProviderLink.WHOLE_MAX.plusSeconds(1);

  private static final Duration PATIENCE_WITH_KEYS = Duration.ofSeconds(2);
  private static final int WAITING_MAX = 256;

  private final String name;
  private final OAuthPolicy policy;
  private final ProviderLink link;
  private final Times times;
  private final EventSink events;
  private final Semaphore waiting = new Semaphore(WAITING_MAX);
  private final ReentrantLock lock = new ReentrantLock();
  private final Allowance unknown;
  private @Nullable CompletableFuture<Boolean> reading;
  private int failures;
  private long retryNanos;
  private volatile @Nullable Held held;

  /// What was read.
  ///
  /// @param sinceNanos when the reading began
  private record Held(
      ProviderMetadata metadata, List<SigningKey> keys, Set<String> thumbprints, long sinceNanos) {
    List<SigningKey> fitting(JWSHeader header) {
      return keys.stream().filter(key -> key.fits(header)).toList();
    }
  }

  Issuer(String name, OAuthPolicy policy, ProviderLink link, Times times, EventSink events) {
    this.name = name;
    this.policy = policy;
    this.link = link;
    this.times = times;
    this.events = events;
    this.unknown = new Allowance(UNKNOWN_AT_ONCE, UNKNOWN_INTERVAL.toNanos(), times.nanoTime());
  }

  String name() {
    return name;
  }

  /// Begins to read the keys, before anybody needs them.
  void prepare() {
    var _ = begin();
  }

  /// The keys that may have signed what has this header; none when the issuer has no such key.
  List<SigningKey> fitting(JWSHeader header) throws ProviderAway, InterruptedException {
    var known = current();
    var fitting = known.fitting(header);
    if (!fitting.isEmpty()) {
      return fitting;
    }
    var again = beginForUnknown(known);
    if (again.isEmpty()) {
      return List.of();
    }
    if (!isDone(again.get(), PATIENCE)) {
      throw ProviderAway.silent("it cannot be asked for a key that it may have made since");
    }
    return current().fitting(header);
  }

  /// Where it is asked about tokens, if it says so.
  Optional<URI> introspection() throws ProviderAway, InterruptedException {
    return current().metadata().introspection();
  }

  /// Whether it still has this key, from memory.
  boolean has(String thumbprint) {
    var known = held;
    if (known == null || !isBearable(known)) {
      return false;
    }
    if (isAgeing(known)) {
      prepare();
    }
    return known.thumbprints().contains(thumbprint);
  }

  private Held current() throws ProviderAway, InterruptedException {
    var known = held;
    if (known == null || !isBearable(known)) {
      var first = begin();
      if (first.isPresent()) {
        var _ = isDone(first.get(), PATIENCE);
      }
    } else if (isOld(known)) {
      var next = begin();
      if (next.isPresent() && !isFailing()) {
        var _ = isDone(next.get(), PATIENCE_WITH_KEYS);
      }
    } else if (isAgeing(known)) {
      prepare();
    }
    known = held;
    if (known == null || !isBearable(known)) {
      throw ProviderAway.silent("its keys could not be read");
    }
    return known;
  }

  private boolean isAgeing(Held known) {
    return age(known) > policy.keysAgeMax().toNanos() / 2;
  }

  private boolean isOld(Held known) {
    return age(known) > policy.keysAgeMax().toNanos();
  }

  private boolean isBearable(Held known) {
    return age(known) <= policy.keysAgeMax().plus(policy.outageMax()).toNanos();
  }

  private long age(Held known) {
    return times.nanoTime() - known.sinceNanos();
  }

  private boolean isFailing() {
    lock.lock();
    try {
      return failures > 0;
    } finally {
      lock.unlock();
    }
  }

  /// The reading that is under way, or a new one; empty while it is too early after a failure.
  private Optional<CompletableFuture<Boolean>> begin() {
    lock.lock();
    try {
      if (reading == null && failures > 0 && times.nanoTime() - retryNanos < 0) {
        return Optional.empty();
      }
      return Optional.of(begun());
    } finally {
      lock.unlock();
    }
  }

  /// The same for a token of a key that is not among the known: empty when it is not worth while.
  @SuppressWarnings("ReferenceEquality") // whether it is still what it was
  private Optional<CompletableFuture<Boolean>> beginForUnknown(Held known) throws ProviderAway {
    lock.lock();
    try {
      if (held != known) {
        return Optional.of(CompletableFuture.completedFuture(true)); // read meanwhile
      }
      if (reading == null) {
        if (failures > 0 && times.nanoTime() - retryNanos < 0) {
          throw ProviderAway.silent("it is away, and the token may be of a key made since");
        }
        if (!unknown.take(times.nanoTime())) {
          return Optional.empty();
        }
      }
      return Optional.of(begun());
    } finally {
      lock.unlock();
    }
  }

  private CompletableFuture<Boolean> begun() {
    var now = reading;
    if (now == null) {
      var next = new CompletableFuture<Boolean>();
      reading = next;
      Thread.ofVirtual().name("identity-provider-keys").start(() -> read(next));
      return next;
    }
    return now;
  }

  private void read(CompletableFuture<Boolean> done) {
    Held read = null;
    ServerEvent outcome = new ServerEvent.IssuerAway(name, "an error ended the reading");
    try {
      read = read(times.nanoTime());
      outcome = new ServerEvent.IssuerKeysRead(name, read.keys().size());
    } catch (ProviderAway e) {
      outcome = new ServerEvent.IssuerAway(name, e.reason());
    } catch (InterruptedException | RuntimeException e) {
      outcome = new ServerEvent.IssuerAway(name, ServerEvent.place(e));
    } finally { // after an error too: while somebody is said to read nobody else does
      settle(read);
      events.emit(outcome);
      done.complete(read != null);
    }
  }

  private Held read(long since) throws ProviderAway, InterruptedException {
    var metadata = ProviderMetadata.discover(name, link);
    var keys = SigningKey.ofSet(link.get(metadata.keys()));
    if (keys.isEmpty()) {
      throw ProviderAway.saying(metadata.keys() + " has no key that may sign tokens");
    }
    var thumbprints =
        keys.stream().map(SigningKey::thumbprint).collect(Collectors.toUnmodifiableSet());
    return new Held(metadata, keys, thumbprints, since);
  }

  /// @param read null when it could not be
  private void settle(@Nullable Held read) {
    lock.lock();
    try {
      reading = null;
      if (read != null) {
        held = read;
        failures = 0;
      } else {
        var pause = RETRY_FIRST.toNanos() << Math.min(failures, 10);
        failures++;
        retryNanos = times.nanoTime() + Math.min(pause, RETRY_MAX.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a reading, unless too many do.
  private boolean isDone(CompletableFuture<Boolean> reading, Duration patience)
      throws InterruptedException {
    if (!waiting.tryAcquire()) {
      return reading.getNow(false);
    }
    try {
      return reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      return false;
    } finally {
      waiting.release();
    }
  }
}
