package trunkline.access.oauth;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.store.FileReason;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Tokens that say nothing by themselves: their issuer is asked (RFC 7662).
///
/// An answer is remembered: a good one for a minute, or until the token expires, a bad one for ten
/// seconds. About a token it is asked once at a time, whoever waits for it, and about [#AT_ONCE]
/// tokens together; more wait for a second. After a request without an answer nobody asks for a
/// second.
final class OpaqueTokens {
  static final Duration REMEMBERED_MAX = Duration.ofSeconds(60);
  static final Duration REFUSED_REMEMBERED = Duration.ofSeconds(10);
  static final int AT_ONCE = 16;
  static final long LENGTH_MAX = 4 << 20;

  private static final Duration TURN_MAX = Duration.ofSeconds(1);
  private static final Duration AWAY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = ProviderLink.WHOLE_MAX.plus(TURN_MAX).plusSeconds(1);

  private final OAuthPolicy policy;
  private final OAuthPolicy.Introspecting asking;
  private final Issuer issuer;
  private final ProviderLink link;
  private final Times times;
  private final EventSink events;
  private final Remembered<Answer> remembered;
  private final ConcurrentHashMap<TokenHash, CompletableFuture<Answer>> asked =
      new ConcurrentHashMap<>();
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private volatile long awayNanos;

  /// What the issuer says of a token.
  sealed interface Answer {
    record Good(AccessToken token) implements Answer {}

    record Bad(String reason) implements Answer {}
  }

  OpaqueTokens(
      OAuthPolicy policy,
      OAuthPolicy.Introspecting asking,
      Issuer issuer,
      ProviderLink link,
      Times times,
      EventSink events) {
    this.policy = policy;
    this.asking = asking;
    this.issuer = issuer;
    this.link = link;
    this.times = times;
    this.events = events;
    this.remembered = new Remembered<>(LENGTH_MAX, times);
    this.awayNanos = times.nanoTime();
  }

  AccessToken judge(String token) throws TokenRefused, ProviderAway, InterruptedException {
    var hash = TokenHash.of(token);
    var before = remembered.find(hash);
    var answer = before.isPresent() ? before.get() : once(token, hash);
    return switch (answer) {
      case Answer.Bad(var reason) -> throw new TokenRefused(reason);
      case Answer.Good(var good) -> {
        if (isOver(good.expires())) {
          throw new TokenRefused("the token has expired");
        }
        yield good;
      }
    };
  }

  private boolean isOver(@Nullable Instant end) {
    return end != null && times.isOver(end);
  }

  private Answer once(String token, TokenHash hash) throws ProviderAway, InterruptedException {
    var ours = new CompletableFuture<Answer>();
    var theirs = asked.putIfAbsent(hash, ours);
    if (theirs != null) {
      return of(theirs);
    }
    try {
      var answer = inTurn(token, hash);
      var rest =
          answer instanceof Answer.Good(var good) ? restOf(good.expires()) : REFUSED_REMEMBERED;
      remembered.put(hash, answer, token.length(), rest.toNanos());
      ours.complete(answer);
      return answer;
    } finally {
      asked.remove(hash, ours);
      ours.cancel(false); // unless it is complete
    }
  }

  private Answer of(CompletableFuture<Answer> theirs) throws ProviderAway, InterruptedException {
    try {
      return theirs.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | CancellationException _) {
      throw ProviderAway.silent("it cannot be asked about the token");
    }
  }

  private Duration restOf(@Nullable Instant end) {
    if (end == null) {
      return REMEMBERED_MAX;
    }
    var rest = Duration.between(times.now(), end.plus(Times.SKEW));
    return rest.compareTo(REMEMBERED_MAX) < 0 ? rest : REMEMBERED_MAX;
  }

  private Answer inTurn(String token, TokenHash hash) throws ProviderAway, InterruptedException {
    if (times.nanoTime() - awayNanos < 0) {
      throw ProviderAway.silent("it cannot be asked about the token");
    }
    if (!turns.tryAcquire(TURN_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      throw ProviderAway.silent("it is being asked about too many tokens");
    }
    try {
      return ask(token, hash);
    } catch (ProviderAway e) {
      awayNanos = times.nanoTime() + AWAY.toNanos();
      events.emit(new ServerEvent.IssuerAway(issuer.name(), e.reason()));
      throw e;
    } finally {
      turns.release();
    }
  }

  private Answer ask(String token, TokenHash hash) throws ProviderAway, InterruptedException {
    var form = "token=" + encoded(token) + "&token_type_hint=access_token";
    var said = link.post(where(), form, basic());
    try {
      return new Answer.Good(checked(said, hash));
    } catch (TokenRefused e) {
      return new Answer.Bad(e.reason());
    }
  }

  private AccessToken checked(ObjectNode said, TokenHash hash) throws TokenRefused {
    if (!said.path("active").asBoolean(false)) {
      throw new TokenRefused("the token is not active");
    }
    var type = said.path("token_type").asString("Bearer");
    if (!said.path("iss").asString(issuer.name()).equals(issuer.name())) {
      throw new TokenRefused("the token is of another issuer");
    }
    if (!type.equalsIgnoreCase("Bearer")) {
      throw new TokenRefused("that is no access token");
    }
    var claims = new Claims(said, policy, times);
    claims.require();
    return AccessToken.of(claims, issuer.name(), hash);
  }

  private URI where() throws ProviderAway, InterruptedException {
    var said = asking.url().isPresent() ? asking.url() : issuer.introspection();
    return said.orElseThrow(
        () -> ProviderAway.saying("its metadata names no introspection_endpoint"));
  }

  /// The parts are encoded as in forms (RFC 6749, section 2.3.1).
  private String basic() throws ProviderAway {
    try {
      var secret = Files.readString(asking.secretFile()).strip();
      var pair = encoded(asking.client()) + ":" + encoded(secret);
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw ProviderAway.saying(
          "the secret in " + asking.secretFile() + " cannot be read: " + FileReason.of(e));
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// Whether a token that was good still is, answered from memory: its issuer is asked meanwhile,
  /// once a minute.
  boolean stands(Watched watched) {
    if (!watched.good || isOver(watched.token.expires())) {
      return false;
    }
    var age = times.nanoTime() - watched.heardNanos;
    if (age > REMEMBERED_MAX.toNanos() && watched.begin()) {
      Thread.ofVirtual().name("identity-provider-token").start(() -> look(watched));
    }
    return age <= REMEMBERED_MAX.plus(policy.outageMax()).toNanos();
  }

  Watched watch(String spelled, AccessToken token) {
    return new Watched(spelled, token, times.nanoTime());
  }

  private void look(Watched watched) {
    try {
      var _ = judge(watched.spelled);
      watched.heardNanos = times.nanoTime();
    } catch (TokenRefused _) {
      watched.good = false;
    } catch (ProviderAway _) {
      // asked again, until it has been away for too long
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      watched.end();
    }
  }

  /// A token by which a stream is open.
  static final class Watched {
    private final String spelled;
    private final AccessToken token;
    private volatile long heardNanos;
    private volatile boolean good = true;
    private final AtomicBoolean looking = new AtomicBoolean();

    private Watched(String spelled, AccessToken token, long heardNanos) {
      this.spelled = spelled;
      this.token = token;
      this.heardNanos = heardNanos;
    }

    private boolean begin() {
      return looking.compareAndSet(false, true);
    }

    private void end() {
      looking.set(false);
    }
  }
}
