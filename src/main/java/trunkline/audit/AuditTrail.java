package trunkline.audit;

import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.store.Database;
import trunkline.task.TaskKey;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The record of what clients do, as this instance writes it.
public final class AuditTrail implements Denials, AutoCloseable {
  /// A task's run answers nobody.
  private static final RequestId NOBODYS = new RequestId.Whole(0);

  private final AuditPolicy policy;
  private final IntSupplier instance;
  private final EventSink events;
  private final AuditRows rows;
  private final Tally tally = new Tally(System::nanoTime);
  private final @Nullable AuditWriter writer;
  private volatile @Nullable ArgumentDigest digest;

  /// @param instance the number of this instance, which changes when it was fenced
  public AuditTrail(AuditPolicy policy, Database database, IntSupplier instance, EventSink events) {
    this.policy = policy;
    this.instance = instance;
    this.events = events;
    this.rows = new AuditRows(database);
    this.writer =
        policy.mode() == AuditMode.OFF
            ? null
            : new AuditWriter(
                rows, policy, tally, instance, key -> digest = new ArgumentDigest(key), events);
  }

  public boolean isOff() {
    return writer == null;
  }

  /// Reads what it needs of the database. Before the first request.
  public void start() {
    if (writer != null) {
      writer.start();
    }
  }

  int instance() {
    return instance.getAsInt();
  }

  /// Whether these are not to be done now, because they could not be recorded. What is recorded
  /// only if it is denied goes on.
  public boolean refuses(Deeds deeds) {
    return policy.mode() == AuditMode.STRICT
        && writer != null
        && writer.isStuck()
        && deeds.kinds().anyMatch(policy::records);
  }

  /// Begins what a client asks for.
  ///
  /// @param about what is known of each request besides
  public Deeds begin(Sender sender, Collection<Message.Request> requests, Known about) {
    Map<RequestId, Deed> deeds = new LinkedHashMap<>();
    for (var request : requests) {
      var deed = begin(sender, request, about, 1);
      if (deed != Deed.NONE) {
        deeds.put(request.id(), deed);
      }
    }
    return new Deeds(deeds);
  }

  /// Begins what has no message: a method of HTTP.
  public Deeds begin(Principal principal, String method, Known about) {
    if (!isWanted(AuditKind.of(method))) {
      return new Deeds(Map.of());
    }
    var trace = TraceParent.traceOf(about.traceParent());
    return Deeds.of(
        new Deed(
            this,
            AuditKind.of(method),
            new AuditRecord.Who(principal.name(), ""),
            new AuditRecord.What(method, "", "", trace),
            null,
            1));
  }

  /// A further run of a request.
  ///
  /// @param run 2 or more
  public Deed again(Sender sender, Message.Request request, int run) {
    return begin(sender, request, Known.NOTHING, run);
  }

  /// A run of a task.
  ///
  /// @param params of the call that began it
  public Deed ofTask(Sender sender, ObjectNode params, TaskKey task, String revision, int run) {
    var call = new Message.Request(NOBODYS, "tools/call", params);
    var deed = begin(sender, call, new Known(Optional.empty(), revision), run);
    deed.about(task);
    return deed;
  }

  /// What is known of requests besides what they say.
  ///
  /// @param traceParent of the HTTP request; one in a message counts more
  /// @param revision of MCP, where the message has it; else empty
  public record Known(Optional<String> traceParent, String revision) {
    public static final Known NOTHING = new Known(Optional.empty(), "");
  }

  private Deed begin(Sender sender, Message.Request request, Known about, int run) {
    var kind = AuditKind.of(request.method());
    if (!isWanted(kind)) {
      return Deed.NONE;
    }
    var meta = request.params().path("_meta");
    var trace = TraceParent.traceOf(said(meta.path("traceparent")).or(about::traceParent));
    var who =
        new AuditRecord.Who(
            sender.principal().name(), sender.credential().id(), Asked.client(request), null);
    var what = new AuditRecord.What(request.method(), Asked.name(request), about.revision(), trace);
    return new Deed(this, kind, who, what, digest(kind, request), run);
  }

  private static Optional<String> said(JsonNode text) {
    return text.isString() ? Optional.of(text.stringValue()) : Optional.empty();
  }

  /// Only of what is recorded whatever its end.
  private byte @Nullable [] digest(AuditKind kind, Message.Request request) {
    var known = digest;
    return known == null || !policy.records(kind) ? null : known.of(Asked.arguments(request));
  }

  private boolean isWanted(AuditKind kind) {
    return policy.records(kind) || policy.records(AuditKind.DENIALS);
  }

  @Override
  public void denied(InetAddress peer, String credential, String method, int status) {
    if (policy.records(AuditKind.DENIALS)) {
      var who = new AuditRecord.Who(AuditRecord.Who.NOBODY, credential, "", peer.getHostAddress());
      tally.add(
          new Tally.Kind(
              who, new AuditRecord.What(method, "", "", null), new Ending(Outcome.DENIED, status)));
    }
  }

  /// Records something that has ended.
  ///
  /// @return false when there is to be no answer
  boolean record(AuditKind kind, AuditRecord record) {
    if (writer == null || !isRecorded(kind, record.ending())) {
      return true;
    }
    if (record.ending().outcome() == Outcome.LIMITED) {
      tally.add(new Tally.Kind(record.who(), record.what().withoutTrace(), record.ending()));
      return true;
    }
    if (policy.mode() != AuditMode.STRICT) {
      writer.backlog().add(record, null);
      return true;
    }
    var stored = new CompletableFuture<Boolean>();
    writer.backlog().add(record, stored);
    return await(stored);
  }

  private boolean isRecorded(AuditKind kind, Ending ending) {
    return policy.records(kind) || (ending.isDenial() && policy.records(AuditKind.DENIALS));
  }

  /// However often it is interrupted: who has done something is past that.
  private boolean await(CompletableFuture<Boolean> stored) {
    var until = System.nanoTime() + policy.patience().toNanos();
    var interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return stored.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException | ExecutionException e) {
          return false;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Frees what was kept for long enough, whoever wrote it.
  ///
  /// @return how many slots were emptied or begun
  public int keep() {
    var kept = rows.keep();
    if (kept.blocked() > 0) {
      events.emit(new ServerEvent.AuditSlotBlocked(kept.blocked()));
    }
    return kept.emptied() + kept.begun();
  }

  /// Writes the rest.
  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }

  /// Stops as a process that was killed does.
  public void kill() {
    if (writer != null) {
      writer.kill();
    }
  }
}
