package trunkline.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Pulse;
import trunkline.telemetry.ServerEvent;

/// The certificates that a listener uses, read again when their files change. A connection keeps
/// those that it was opened with. Files that cannot be used are reported, and the former
/// certificates stay.
public final class TlsFiles implements AutoCloseable {
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration REMINDER_INTERVAL = Duration.ofDays(1);
  private static final String UNREADABLE = "unreadable";

  private final TlsSettings settings;
  private final EventSink events;
  private final InstantSource clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile TlsIdentity identity;
  private String used;
  private @Nullable String refused;
  private @Nullable Instant reminded;

  TlsFiles(TlsSettings settings, EventSink events, InstantSource clock) {
    this.settings = settings;
    this.events = events;
    this.clock = clock;
    var contents = TlsContents.read(settings);
    this.identity = TlsIdentity.of(contents);
    this.used = contents.digest();
    tell();
  }

  /// Reads the files, and looks at them every second from then on.
  ///
  /// @throws TlsUnusable when they cannot be used
  public static TlsFiles open(TlsSettings settings, EventSink events) {
    var files = new TlsFiles(settings, events, InstantSource.system());
    var name = "trunkline-tls";
    Thread.ofPlatform().name(name).daemon().start(Pulse.of(name, files::repeat));
    return files;
  }

  /// Reads the files and forgets them: a start that cannot succeed fails before it does anything.
  ///
  /// @throws TlsUnusable when they cannot be used
  public static void requireUsable(TlsSettings settings) {
    var _ = TlsIdentity.of(TlsContents.read(settings));
  }

  private void repeat() {
    try {
      while (!closing.await(LOOK_INTERVAL.toNanos(), TimeUnit.NANOSECONDS)) {
        look();
        Pulse.rest(LOOK_INTERVAL);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// One look. Files that do not fit together may be half of a change: they are reported when the
  /// next look finds the same.
  synchronized void look() {
    var found = UNREADABLE;
    try {
      var contents = TlsContents.read(settings);
      found = contents.digest();
      if (!found.equals(used)) {
        identity = TlsIdentity.of(contents);
        used = found;
        reminded = null;
        tell();
      }
      refused = null;
    } catch (TlsUnusable e) {
      if (found.equals(refused)) {
        events.emit(new ServerEvent.CertificateUnread(String.valueOf(e.getMessage())));
      }
      refused = found;
    } catch (RuntimeException e) { // of a library, which must not end the looks
      events.emit(new ServerEvent.CertificateUnread(ServerEvent.place(e)));
      refused = found;
    }
    remind();
  }

  private void tell() {
    events.emit(new ServerEvent.CertificateRead(identity.subject(), seconds(identity.expires())));
  }

  private void remind() {
    var now = clock.instant();
    var last = reminded;
    var current = identity;
    if (now.isAfter(current.renewal())
        && (last == null || !now.isBefore(last.plus(REMINDER_INTERVAL)))) {
      reminded = now;
      events.emit(
          new ServerEvent.CertificateExpiring(current.subject(), seconds(current.expires())));
    }
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  TlsIdentity identity() {
    return identity;
  }

  public TlsSettings settings() {
    return settings;
  }

  /// When the certificate runs out that new connections are shown.
  public Instant expires() {
    return identity.expires();
  }

  /// How long that is from now on; negative when it has run out.
  public Duration left() {
    return Duration.between(clock.instant(), expires());
  }

  /// Whether a client that shows these certificates, its own first, would be let in now: an
  /// authority may have been taken out of the file since it was, and certificates run out.
  public boolean trusts(List<X509Certificate> shown) {
    return identity.trusts(shown);
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
