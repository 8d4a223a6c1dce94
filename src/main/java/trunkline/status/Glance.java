package trunkline.status;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import trunkline.status.Status.Living;
import trunkline.status.Status.Waiting;

/// What catches the eye in a [Status].
final class Glance {
  private static final long OUTBOX_SECONDS_MAX = 10;

  private Glance() {}

  static List<String> of(Status status) {
    var faults = new ArrayList<String>();
    status
        .living()
        .ifPresent(living -> {
          if (living.stream().noneMatch(each -> each.state().equals("ready"))) {
            faults.add("no instance is ready");
          }
          living.forEach(each -> of(each).ifPresent(faults::add));
        });
    status
        .outbox()
        .filter(outbox -> outbox.oldestSeconds() > OUTBOX_SECONDS_MAX)
        .ifPresent(outbox ->
            faults.add(
                "nobody carries out what SQL callers handed in, for %d s"
                    .formatted(outbox.oldestSeconds())));
    return faults;
  }

  private static Optional<String> of(Living living) {
    if (living.state().equals("silent")) {
      return Optional.of(
          "instance %d is silent for %d s".formatted(living.id(), living.beatSeconds()));
    }
    return living.wakeMode().equals("polling")
        ? Optional.of("instance %d polls".formatted(living.id()))
        : Optional.empty();
  }

  static Optional<String> oldest(Status status) {
    return Stream.of(
            named("a call", status.calls()),
            named("a question", status.questions()),
            named("a task", status.unfinishedTasks()),
            named("a row of the outbox", status.outbox()))
        .flatMap(Optional::stream)
        .max(Comparator.comparing(Map.Entry::getValue))
        .map(oldest -> "%s, for %d s".formatted(oldest.getKey(), oldest.getValue()));
  }

  private static Optional<Map.Entry<String, Long>> named(String what, Optional<Waiting> waiting) {
    return waiting
        .filter(each -> each.number() > 0)
        .map(each -> Map.entry(what, each.oldestSeconds()));
  }
}
