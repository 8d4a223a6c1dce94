package trunkline.protocol;

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

/// Makes running calls hear what happened elsewhere: their cancel, the end of their session,
/// another log level.
///
/// A call that is a stream is cancelled by its row, which its executor looks for when it is rung
/// and at its pace; one without a row by an announcement. Which of the two the canceller found is
/// of no importance: both are watched for every call (delivery: H11).
public final class CallWatch {
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

  /// Looks again, off the thread that reads the log.
  private void changed(Announcement announcement) {
    var session = new SessionKey(Long.parseLong(announcement.about()));
    var calls = this.calls.of(session);
    var outliving = tasks.of(session);
    Stream.concat(calls.stream(), outliving.stream())
        .map(SessionContext::session)
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
    calls.forEach(
        call -> session.ifPresentOrElse(call::changed, () -> call.cancel("the session ended")));
    tasks.forEach(task -> session.ifPresent(task::changed));
  }

  /// Cancels the calls whose rows say so; runs when the doorbell for calls rings, and at its pace.
  ///
  /// @return how many
  public int poll() {
    var cancelled = streamedCalls.cancelledAmong(calls.rows());
    cancelled.forEach(
        (row, reason) -> calls.find(row).ifPresent(call -> call.cancel("cancelled: " + reason)));
    return cancelled.size();
  }

  /// The server stops: every client gets an error.
  public void stopAll() {
    calls.all().forEach(RunningCall::stop);
    tasks.all().forEach(task -> task.stop("the server is stopping"));
  }

  /// This instance is fenced, or cannot trust its lease: handlers stop. Whether their last word
  /// still counts is decided by the writer's epoch.
  public void abandonAll() {
    calls.all().forEach(RunningCall::abandon);
    tasks.all().forEach(task -> task.stop("its instance lost touch with the others"));
  }

  /// Calls that run here, those that are tasks too.
  public int count() {
    return calls.all().size() + tasks.all().size();
  }
}
