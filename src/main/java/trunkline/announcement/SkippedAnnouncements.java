package trunkline.announcement;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The rows that this instance has passed over lately, so that each is named and counted once,
/// however many followers read it.
final class SkippedAnnouncements {
  private static final int KEPT_MAX = 1_000;

  private final EventSink events;
  private final Set<Object> known = new LinkedHashSet<>();

  SkippedAnnouncements(EventSink events) {
    this.events = events;
  }

  void note(List<SkippedAnnouncement> skipped) {
    if (skipped.isEmpty()) {
      return;
    }
    var counted = skipped.stream().filter(row -> isNew(row.id())).toList();
    if (!counted.isEmpty()) {
      events.emit(new ServerEvent.AnnouncementsPassedOver(counted.size()));
    }
    for (var row : counted) {
      if (row.name().equals(row.id()) || isNew(row.name())) {
        events.emit(new ServerEvent.AnnouncementSkipped(row.id(), row.kind(), row.fault()));
      }
    }
  }

  private synchronized boolean isNew(Object name) {
    if (!known.add(name)) {
      return false;
    }
    if (known.size() > KEPT_MAX) {
      known.remove(known.iterator().next());
    }
    return true;
  }
}
