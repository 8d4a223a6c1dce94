package trunkline.cli;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import trunkline.status.Rates;
import trunkline.status.Status;
import trunkline.status.Status.Living;
import trunkline.status.Status.Space;
import trunkline.status.Status.Waiting;

/// A status as an object of one line. A part that could not be read is not there; `missing` says
/// why.
final class StatusJson {
  private static final JsonMapper JSON = new JsonMapper();

  private StatusJson() {}

  static ObjectNode of(Status status, Optional<Rates> rates) {
    var all = JSON.createObjectNode().put("at", status.at().toString());
    status
        .living()
        .ifPresent(living -> {
          var array = all.putArray("instances");
          living.forEach(each -> instance(array.addObject(), each));
        });
    status.sessions().ifPresent(number -> all.put("sessions", number));
    status
        .streams()
        .ifPresent(each ->
            all.putObject("streams").put("held", each.held()).put("unfinished", each.unfinished()));
    waiting(all, "calls", status.calls());
    waiting(all, "questions", status.questions());
    status.tasks().ifPresent(tasks -> tasks(all.putObject("tasks"), tasks));
    waiting(all, "unfinished_tasks", status.unfinishedTasks());
    waiting(all, "outbox", status.outbox());
    status
        .backlog()
        .ifPresent(each ->
            all.putObject("backlog").put("connected", each.connected()).put("away", each.away()));
    status.space().ifPresent(space -> space(all.putObject("space"), space));
    rates.ifPresent(each ->
        all.putObject("per_second")
            .put("messages", each.messages())
            .put("announcements", each.announcements())
            .put("transactions", each.transactions()));
    var faults = all.putArray("faults");
    status.faults().forEach(faults::add);
    var missing = all.putObject("missing");
    status.missing().forEach(missing::put);
    return all;
  }

  /// In the place of a status.
  static ObjectNode away(RuntimeException failure) {
    return JSON.createObjectNode().put("away", String.valueOf(failure.getMessage()));
  }

  private static void instance(ObjectNode node, Living living) {
    node.put("id", living.id())
        .put("state", living.state())
        .put("url", living.url())
        .put("version", living.version())
        .put("wake_mode", living.wakeMode())
        .put("beat_seconds", living.beatSeconds())
        .put("started_seconds", living.startedSeconds())
        .put("streams", living.streams());
    living.calls().ifPresent(calls -> node.put("calls", calls));
  }

  private static void waiting(ObjectNode all, String name, Optional<Waiting> waiting) {
    waiting.ifPresent(each ->
        all.putObject(name)
            .put("number", each.number())
            .put("oldest_seconds", each.oldestSeconds()));
  }

  private static void tasks(ObjectNode node, Map<String, Long> tasks) {
    tasks.forEach(node::put);
  }

  private static void space(ObjectNode node, Space space) {
    var slots = node.putArray("slots");
    space.slots().forEach(slots::add);
    space.currentSlot().ifPresent(slot -> node.put("current_slot", slot));
    node.put("total", space.total());
  }
}
