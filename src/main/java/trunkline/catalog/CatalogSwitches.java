package trunkline.catalog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.AnnouncementKind;
import trunkline.announcement.Announcements;
import trunkline.feature.FeatureKind;
import trunkline.feature.Switches;
import trunkline.store.Database;

/// Switches features off and on for all instances. The rows are the truth; this instance keeps a
/// copy for calls, which need no exact answer, and reads it again after each announced change.
public final class CatalogSwitches {
  private static final int KEY_BYTES_MAX = 2048;
  private static final int TOGETHER_BYTES_MAX = 2500;

  private record Heard(long number, Switches switches) {}

  private final SwitchRows rows;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<Heard> heard = new AtomicReference<>(new Heard(0, Switches.ALL_ON));

  public CatalogSwitches(Database database) {
    this.rows = new SwitchRows(database);
  }

  /// Reads again whenever a list was changed, on any instance or by SQL.
  public void listen(Announcements announcements) {
    for (var kind :
        List.of(
            AnnouncementKind.TOOLS_CHANGED,
            AnnouncementKind.RESOURCES_CHANGED,
            AnnouncementKind.PROMPTS_CHANGED)) {
      announcements.on(
          kind,
          changed -> {
            var _ = refresh();
          });
    }
  }

  /// The rows' current state, for lists: a client notified of a change must not get the former
  /// list.
  public Switches read() {
    var number = reads.incrementAndGet();
    var switches = rows.off();
    keep(number, switches);
    return switches;
  }

  /// The rows' current state for one principal, for its lists: the general switches and its own.
  public Switches read(String principal) {
    var number = reads.incrementAndGet();
    var switches = rows.off(principal);
    // what another read has seen since may be newer; and of other principals this one saw nothing
    heard.updateAndGet(former ->
        former.number() > number
            ? former
            : new Heard(former.number(), former.switches().with(principal, switches)));
    return switches;
  }

  /// The last state read; lags by at most the time of an announcement.
  public Switches heard() {
    return heard.get().switches();
  }

  /// Reads soon and does not wait. Without the database nothing changes, and the next read makes up
  /// for it.
  public CompletableFuture<Void> refresh() {
    var number = reads.incrementAndGet();
    return rows.submitOff().thenAccept(switches -> keep(number, switches));
  }

  /// Reads anew, as at a start: for an instance that has registered anew, perhaps in a database
  /// that was restored or swapped.
  public void restart() {
    read();
  }

  /// For the sweep: makes up for an announcement that was read too late.
  ///
  /// @return 0: nothing more to do
  public int reread() {
    read();
    return 0;
  }

  /// Switches one feature for everybody; committed when it returns, and then every instance lists
  /// the same.
  ///
  /// @return whether that changed anything; only then are clients notified
  public boolean setEnabled(FeatureKind kind, String key, boolean enabled) {
    return setEnabled(kind, key, enabled, null);
  }

  /// The same for one principal, over the switch for everybody; clients of that principal are
  /// notified if that changed their list.
  ///
  /// @param enabled null takes a principal's own switch back
  /// @param principal null: everybody
  /// @return whether that changed the switch
  public boolean setEnabled(
      FeatureKind kind, String key, @Nullable Boolean enabled, @Nullable String principal) {
    requireText("the key of a feature", key, KEY_BYTES_MAX);
    if (principal != null) {
      requireText("the name of a principal", principal, KEY_BYTES_MAX);
      requireText("a feature's key and a principal", key + principal, TOGETHER_BYTES_MAX);
    }
    var changed = rows.setEnabled(kind, key, enabled, principal);
    read();
    return changed;
  }

  private static void requireText(String what, String text, int bytesMax) {
    var bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > bytesMax || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          what + " has 1 to " + bytesMax + " bytes and no NUL, not " + bytes);
    }
  }

  /// A read that began later has seen at least as much, whichever answer comes first.
  private void keep(long number, Switches switches) {
    heard.accumulateAndGet(
        new Heard(number, switches),
        (former, latest) -> latest.number() > former.number() ? latest : former);
  }
}
