package trunkline.access.key;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.access.Authenticator;
import trunkline.signal.Loop;
import trunkline.signal.Signals;
import trunkline.signal.Step;
import trunkline.signal.Subscription;
import trunkline.signal.Topic;
import trunkline.store.Clockwork;
import trunkline.store.Database;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The API keys, as this instance takes them. The promises are in the package's documentation.
public final class ApiKeys implements AutoCloseable {
  private static final String PREFIX = "tk_";

  private final Signals signals;
  private final EventSink events;
  private final KeyRows rows;
  private final MetKeys met;
  private final RefusedKeys refused;
  private final KeyUses uses;
  private final LongSupplier nanos = Clockwork::nanos;
  private @Nullable LookUps lookUps;
  private @Nullable Subscription subscription;
  private @Nullable Loop loop;

  public ApiKeys(Database database, Signals signals, EventSink events) {
    this.signals = signals;
    this.events = events;
    this.rows = new KeyRows(database);
    this.met = new MetKeys(rows, nanos, KeyPolicy.DEFAULT);
    this.refused = new RefusedKeys(nanos, KeyPolicy.DEFAULT);
    this.uses = new KeyUses(rows, met);
  }

  /// Whether a bearer token is one of these, by its form.
  public static boolean isKey(String token) {
    return token.startsWith(PREFIX);
  }

  /// Takes keys from now on, and looks after those that were met: when rung, and about once a
  /// second. An instance that takes none has no part of this.
  public synchronized Authenticator start() {
    var asked = new LookUps(rows, nanos, KeyPolicy.DEFAULT, events);
    var bell = signals.doorbells().subscribe(Topic.KEY, 0);
    lookUps = asked;
    subscription = bell;
    loop =
        Loop.start(
            "trunkline-api-keys",
            bell.bell(),
            signals.pace(),
            met::look,
            failure ->
                events.emit(new ServerEvent.ApiKeysUnread(String.valueOf(failure.getMessage()))));
    return new KeyAuthenticator(met, refused, asked);
  }

  /// For the upkeep: notes when keys were used.
  public void keepUp() {
    uses.write();
  }

  /// For the clean-up: removes keys that ended a month ago.
  public Step sweep(int rowsMax) {
    return Step.upTo(rowsMax, rows.forget(rowsMax));
  }

  @Override
  public synchronized void close() {
    if (loop != null) {
      loop.close();
    }
    if (subscription != null) {
      subscription.close();
    }
    if (lookUps != null) {
      lookUps.close();
    }
  }
}
