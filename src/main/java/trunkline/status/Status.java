package trunkline.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What there was at one moment. A part is empty where it could not be read; `missing` says why.
///
/// @param at by the database's clock
/// @param living instances that neither left nor were declared dead
/// @param sessions that live
/// @param tasks how many, by status
/// @param missing the parts that could not be read, each with the reason
public record Status(
    Instant at,
    Optional<List<Living>> living,
    Optional<Long> sessions,
    Optional<Streams> streams,
    Optional<Waiting> calls,
    Optional<Waiting> questions,
    Optional<Map<String, Long>> tasks,
    Optional<Waiting> unfinishedTasks,
    Optional<Waiting> outbox,
    Optional<Backlog> backlog,
    Optional<Space> space,
    Optional<Counters> counters,
    Map<String, String> missing) {

  /// An instance.
  ///
  /// @param beatSeconds since it last said that it lives
  /// @param calls streamed ones that it runs; empty where the role may not see them
  public record Living(
      int id,
      String state,
      String url,
      String version,
      String wakeMode,
      long beatSeconds,
      long startedSeconds,
      long streams,
      Optional<Long> calls) {}

  /// Streams.
  ///
  /// @param held by an instance: a client is connected
  /// @param unfinished of calls that are still to be answered
  public record Streams(long held, long unfinished) {}

  /// Things that are not finished.
  ///
  /// @param oldestSeconds the age of the oldest; 0 when there is none
  public record Waiting(long number, long oldestSeconds) {}

  /// Messages that no client is known to have; positions of connected ones are written every half
  /// minute.
  ///
  /// @param connected for clients that are connected
  /// @param away for clients that are not; of more than ten thousand streams an estimate
  public record Backlog(long connected, long away) {}

  /// What the disk holds.
  ///
  /// @param slots bytes of messages and batches, by slot
  /// @param currentSlot the one that is written; empty where the role may not see it
  /// @param total bytes of everything in the schema
  public record Space(List<Long> slots, Optional<Integer> currentSlot, long total) {}

  /// Numbers that only rise.
  ///
  /// @param messages ids drawn for messages
  /// @param announcements ids drawn for announcements
  /// @param transactions of the whole database
  public record Counters(long messages, long announcements, long transactions) {}

  /// What is wrong at a glance; `./trunkline doctor` looks closer.
  public List<String> faults() {
    return Glance.of(this);
  }

  /// The age of the oldest call, question, task or row of the outbox that is not finished.
  public Optional<String> oldest() {
    return Glance.oldest(this);
  }
}
