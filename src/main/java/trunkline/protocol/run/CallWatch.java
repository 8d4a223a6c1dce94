package trunkline.protocol.run;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import trunkline.announcement.Announcement;
import trunkline.announcement.AnnouncementKind;
import trunkline.announcement.Announcements;
import trunkline.announcement.CancelledCall;
import trunkline.call.StreamedCalls;
import trunkline.session.Session;
import trunkline.session.SessionKey;
import trunkline.session.Sessions;

/// Notifies running calls of what happened elsewhere: their cancel, the end of their session,
/// another log level.
///
/// A call that is a stream is cancelled by its row, which its executor reads on each wake-up and on
/// every poll; one without a row by an announcement. It does not matter which of the two the
/// canceller found: both are watched for every call (delivery: H11).
final class CallWatch {
  private final RunningCalls calls;
  private final RunningTasks tasks;
  private final Sessions sessions;
  private final StreamedCalls streamedCalls;

  CallWatch(
      RunningCalls calls, RunningTasks tasks, Sessions sessions, StreamedCalls streamedCalls) {
    this.calls = calls;
    this.tasks = tasks;
    this.sessions = sessions;
    this.streamedCalls = streamedCalls;
  }

  void listen(Announcements announcements) {
    announcements.on(AnnouncementKind.CALL_CANCELLED, this::announced);
    announcements.on(AnnouncementKind.SESSION_CHANGED, this::changed);
  }

  private void announced(Announcement announcement) {
    var cancelled = CancelledCall.parse(announcement.about());
    calls
        .find(cancelled.session(), cancelled.request().encoded())
        .ifPresent(call -> call.cancel("cancelled by the client"));
  }

  /// Reads again, off the log's thread.
  private void changed(Announcement announcement) {
    var session = new SessionKey(Long.parseLong(announcement.about()));
    var calls = this.calls.of(session);
    var outliving = tasks.of(session);
    Stream.concat(
            calls.stream().map(RunningCall::context), outliving.stream().map(RunningTask::context))
        .flatMap(context -> context.caller().session().stream())
        .findFirst()
        .ifPresent(former -> {
          var _ =
              sessions
                  .submitFind(former.id(), former.principal())
                  .thenAccept(found -> heard(found, calls, outliving));
        });
  }

  /// A task belongs to its principal and outlives the session that asked for it.
  private static void heard(
      Optional<Session> session, List<RunningCall> calls, List<RunningTask> tasks) {
    calls.forEach(call ->
        session.ifPresentOrElse(call.context()::changed, () -> call.cancel("the session ended")));
    tasks.forEach(task -> session.ifPresent(task.context()::changed));
  }

  /// Cancels the calls whose rows say so; called on each wake-up and on every poll.
  ///
  /// @return how many
  int poll() {
    var cancelled = streamedCalls.cancelledAmong(calls.rows());
    cancelled.forEach(
        (row, reason) -> calls.find(row).ifPresent(call -> call.cancel("cancelled: " + reason)));
    return cancelled.size();
  }
}
