package trunkline.status;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trunkline.status.Status.Living;
import trunkline.status.Status.Space;
import trunkline.status.Status.Waiting;
import trunkline.store.Connections;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.DirectConnection;
import trunkline.store.RightMissing;
import trunkline.store.Sql;
import trunkline.store.SqlCall;

/// One look.
public final class StatusLook {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final int PART_MILLIS_MAX = 2_000;
  private static final List<String> UNFINISHED = List.of("working", "input_required");

  private static final Depth WHOLE =
      new Depth(DirectoryRows::sessions, StatusRows::calls, DirectoryRows::tasks, true);
  private static final Depth GLANCE =
      new Depth(
          DirectoryRows::counted,
          StatusRows::callsOfInstances,
          DirectoryRows::unfinishedTasks,
          false);

  private final DirectConnection line;
  private final Map<String, String> missing = new LinkedHashMap<>();

  /// How closely it looks at what there may be very many of.
  private record Depth(
      SqlCall<Long> sessions,
      SqlCall<Map<Integer, Waiting>> calls,
      SqlCall<Map<String, Waiting>> tasks,
      boolean withBacklog) {}

  private StatusLook(DirectConnection line) {
    this.line = line;
  }

  /// Looks, over a connection of its own, which is closed again.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached, or goes away meanwhile
  public static Status take(Connections connections) {
    try (var line = new DirectConnection(connections, "trunkline-status", ANSWER_MAX)) {
      line.run(StatusLook::bound);
      return new StatusLook(line).take(WHOLE);
    }
  }

  /// The same without what takes long where there is very much of it: how many sessions live is
  /// what an instance has counted lately, calls and tasks have no age, and the backlog is left out.
  ///
  /// @param line after [#bound]
  /// @throws DatabaseUnavailable when the database goes away meanwhile
  public static Status glance(DirectConnection line) {
    return new StatusLook(line).take(GLANCE);
  }

  /// Says on a connection that no look over it takes longer than two seconds a part, takes more
  /// than one core from those who serve, or writes.
  public static boolean bound(Sql sql) {
    DirectoryRows.bound(sql, PART_MILLIS_MAX);
    return true;
  }

  private Status take(Depth depth) {
    var at = line.run(DirectoryRows::now);
    var calls = part("calls", depth.calls);
    var tasks = part("tasks", depth.tasks);
    return new Status(
        at,
        part("instances", DirectoryRows::living).map(living -> withCalls(living, calls)),
        part("sessions", depth.sessions),
        part("streams", DirectoryRows::streams),
        calls.map(each -> total(each.values())),
        part("questions", StatusRows::questions),
        tasks.map(StatusLook::numbers),
        tasks.map(StatusLook::unfinished),
        part("outbox", StatusRows::outbox),
        depth.withBacklog ? part("backlog", StatusRows::backlog) : Optional.empty(),
        part("space", DirectoryRows::space).map(this::space),
        part("counters", StatusRows::counters),
        Collections.unmodifiableMap(missing));
  }

  private <T> Optional<T> part(String name, SqlCall<T> look) {
    try {
      return Optional.of(line.run(look));
    } catch (RightMissing e) {
      missing.put(name, "the role may not see it; trunkline_app may");
    } catch (DatabaseBusy e) {
      missing.put(
          name, "locked by somebody, or not counted within " + PART_MILLIS_MAX / 1_000 + " s");
    } catch (DatabaseUnavailable e) {
      throw e;
    } catch (DatabaseFailure e) {
      missing.put(name, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  private Space space(List<Long> bytes) {
    var total = bytes.stream().mapToLong(Long::longValue).sum();
    var slots = bytes.subList(0, Math.max(0, bytes.size() - 1));
    return new Space(List.copyOf(slots), part("current slot", StatusRows::currentSlot), total);
  }

  private static List<Living> withCalls(
      List<Living> living, Optional<Map<Integer, Waiting>> calls) {
    return living.stream().map(each -> withCalls(each, calls)).toList();
  }

  private static Living withCalls(Living living, Optional<Map<Integer, Waiting>> calls) {
    return new Living(
        living.id(),
        living.state(),
        living.url(),
        living.version(),
        living.wakeMode(),
        living.beatSeconds(),
        living.startedSeconds(),
        living.streams(),
        calls.map(each -> each.getOrDefault(living.id(), new Waiting(0, 0)).number()));
  }

  private static Waiting unfinished(Map<String, Waiting> tasks) {
    return total(
        UNFINISHED.stream().map(each -> tasks.getOrDefault(each, new Waiting(0, 0))).toList());
  }

  private static Map<String, Long> numbers(Map<String, Waiting> tasks) {
    var numbers = new LinkedHashMap<String, Long>();
    tasks.forEach((status, waiting) -> numbers.put(status, waiting.number()));
    return numbers;
  }

  private static Waiting total(Iterable<Waiting> parts) {
    var number = 0L;
    var oldest = 0L;
    for (var part : parts) {
      number += part.number();
      oldest = Math.max(oldest, part.oldestSeconds());
    }
    return new Waiting(number, oldest);
  }
}
