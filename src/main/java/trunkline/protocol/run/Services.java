package trunkline.protocol.run;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import trunkline.announcement.Announcements;
import trunkline.audit.AuditTrail;
import trunkline.audit.Ending;
import trunkline.call.StreamedCalls;
import trunkline.catalog.ServedCatalog;
import trunkline.exchange.Exchanges;
import trunkline.feature.ServerHandle;
import trunkline.memory.MemoryBudget;
import trunkline.protocol.around.Interception;
import trunkline.protocol.wire.Revision;
import trunkline.rate.Rates;
import trunkline.session.Sessions;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.store.Interruption;
import trunkline.store.OutagePatience;
import trunkline.stream.Streams;
import trunkline.task.Tasks;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;
import trunkline.trace.Tracing;

/// The services of the layers below.
///
/// @param self this instance, whose id changes when it was fenced
/// @param shownHeaders the names of the request headers that handlers see, in lower case
/// @param interception stands around what handlers do
/// @param rates count what becomes a task, which no interceptor sees begin
public record Services(
    Sessions sessions,
    Announcements announcements,
    Streams streams,
    StreamedCalls streamedCalls,
    Exchanges exchanges,
    Tasks tasks,
    Doorbells doorbells,
    ServerHandle server,
    Supplier<InstanceId> self,
    ServedCatalog catalog,
    Set<String> shownHeaders,
    Interception interception,
    Rates rates,
    AuditTrail audit,
    ProtocolPolicy policy,
    MemoryBudget memory,
    Tracing tracing,
    EventSink events) {

  /// Asks the database, and waits while it is away.
  public <T> T patiently(OutagePatience.Question<T> question) throws InterruptedException {
    return new OutagePatience(policy.databasePatience()).call(question);
  }

  /// The same for a handler, for which an interrupt is a cancel.
  ///
  /// @throws CancellationException when interrupted, which stays set
  public <T> T patientlyUntilCancelled(OutagePatience.Question<T> question) {
    try {
      return patiently(question);
    } catch (InterruptedException e) {
      throw Interruption.restored("cancelled while waiting for the database", e);
    }
  }

  void begun(Revision revision) {
    events.emit(new ServerEvent.RequestBegun(revision.version()));
  }

  /// @param begunNanos when it began
  void ended(long begunNanos, Ending ending) {
    var outcome = ending.outcome();
    events.emit(
        new ServerEvent.RequestEnded(
            outcome.text(), outcome.isFailure(), (System.nanoTime() - begunNanos) / 1000));
  }

  /// @param request the request's name for its client and the log
  void failed(Caller caller, String request, String why) {
    events.emit(new ServerEvent.CallFailed(caller.eventKey(), request, why));
  }
}
