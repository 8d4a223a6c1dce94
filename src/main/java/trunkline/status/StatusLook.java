package trunkline.status;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import trunkline.status.Status.Backlog;
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

/// One look, over a connection of its own, which is closed again.
public final class StatusLook {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final int PART_MILLIS_MAX = 2_000;
  private static final String BACKLOG = "backlog";
  private static final List<String> UNFINISHED = List.of("working", "input_required");

  private final DirectConnection line;
  private final Map<String, String> missing = new LinkedHashMap<>();

  private StatusLook(DirectConnection line) {
    this.line = line;
  }

  /// Looks.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached, or goes away meanwhile
  public static Status take(Connections connections) {
    return take(connections, DirectoryRows::sessions, true);
  }

  /// The same without what takes longer the more sessions there are: how many live is what an
  /// instance has counted lately, and the backlog is left out.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached, or goes away meanwhile
  public static Status glance(Connections connections) {
    return take(connections, DirectoryRows::counted, false);
  }

  private static Status take(Connections connections, SqlCall<Long> sessions, boolean withBacklog) {
    try (var line = new DirectConnection(connections, "trunkline-status", ANSWER_MAX)) {
      line.run(StatusLook::bound);
      return new StatusLook(line).take(sessions, withBacklog);
    }
  }

  /// What clients have not read; empty where the role may not see it, or where it is not counted in
  /// time.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached, or goes away meanwhile
  public static Optional<Backlog> backlog(Connections connections) {
    try (var line = new DirectConnection(connections, "trunkline-status", ANSWER_MAX)) {
      line.run(StatusLook::bound);
      return new StatusLook(line).part(BACKLOG, StatusRows::backlog);
    }
  }

  private static boolean bound(Sql sql) {
    DirectoryRows.bound(sql, PART_MILLIS_MAX);
    return true;
  }

  private Status take(SqlCall<Long> sessions, boolean withBacklog) {
    var at = line.run(DirectoryRows::now);
    var calls = part("calls", StatusRows::calls);
    var tasks = part("tasks", DirectoryRows::tasks);
    return new Status(
        at,
        part("instances", DirectoryRows::living).map(living -> withCalls(living, calls)),
        part("sessions", sessions),
        part("streams", DirectoryRows::streams),
        calls.map(each -> total(each.values())),
        part("questions", StatusRows::questions),
        tasks.map(StatusLook::numbers),
        tasks.map(StatusLook::unfinished),
        part("outbox", StatusRows::outbox),
        withBacklog ? part(BACKLOG, StatusRows::backlog) : Optional.empty(),
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
