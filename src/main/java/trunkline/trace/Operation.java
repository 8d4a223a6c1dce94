package trunkline.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;

/// A request or notification while it is served, or a run of a task: one span, from its arrival to
/// its answer, and one duration. It ends once, whoever ends it first.
public final class Operation {
  /// Of everything that is not traced.
  public static final Operation NONE =
      new Operation(
          Tracing.OFF, SpanKind.INTERNAL, Target.unknown(), Arrival.pipe(), Context.root());

  private static final ContextKey<Operation> KEY = ContextKey.named("trunkline-operation");

  private final Tracing tracing;
  private final SpanKind kind;
  private final Target target;
  private final Arrival arrival;
  private Context parent;
  private @Nullable SpanContext linked;
  private @Nullable String requestId;
  private @Nullable String revision;
  private volatile @Nullable Context context;
  private volatile boolean taken;
  private boolean ended;

  Operation(Tracing tracing, SpanKind kind, Target target, Arrival arrival, Context parent) {
    this.tracing = tracing;
    this.kind = kind;
    this.target = target;
    this.arrival = arrival;
    this.parent = parent;
  }

  /// That of the message which the calling thread serves.
  public static Operation current() {
    var operation = Context.current().get(KEY);
    return operation == null ? NONE : operation;
  }

  /// That of a message which has just come in on this thread, for whoever runs it from now on, on
  /// whichever thread, and ends it.
  public static Operation taken(Message message) {
    var operation = Operations.here().of(message);
    if (!operation.isNone()) {
      operation.taken = true;
    }
    return operation;
  }

  Tracing tracing() {
    return tracing;
  }

  private boolean isNone() {
    return this == NONE;
  }

  /// Whether somebody runs it, and will end it.
  boolean isTaken() {
    return taken;
  }

  void link(SpanContext other) {
    linked = other;
  }

  void requested(RequestId id) {
    requestId = id instanceof RequestId.Text(var text) ? text : id.encoded();
  }

  /// Begins its span, unless that has begun.
  ///
  /// @param former the span of the round before, with which it belongs to one trace
  synchronized void start(Optional<TraceParent> former) {
    if (isNone() || context != null) {
      return;
    }
    if (former.isPresent() && Carried.isIn(parent)) {
      linked = former.get().span();
    } else {
      parent = former.map(span -> span.in(parent)).orElse(parent);
    }
    var builder =
        tracing
            .tracer()
            .spanBuilder(target.spanName())
            .setSpanKind(kind)
            .setParent(parent)
            .setStartTimestamp(Instant.now().minusNanos(System.nanoTime() - arrival.nanos()))
            .setAllAttributes(described())
            .setAttribute(Conventions.INSTANCE, (long) tracing.instance());
    if (requestId != null) {
      builder.setAttribute(Conventions.REQUEST_ID, requestId);
    }
    if (target.uri() != null) {
      builder.setAttribute(Conventions.RESOURCE_URI, target.uri());
    }
    if (linked != null) {
      builder.addLink(linked);
    }
    context = parent.with(builder.startSpan()).with(KEY, this);
  }

  void start() {
    start(Optional.empty());
  }

  /// Goes on with what the round before asked.
  public void goOn(Optional<TraceParent> former) {
    start(former);
  }

  /// What is known before it runs, and has few values.
  private Attributes described() {
    var known = Attributes.builder();
    known.put(Conventions.METHOD, isTask() ? "tools/call" : target.method());
    put(known, Conventions.TOOL, target.tool());
    put(known, Conventions.PROMPT, target.prompt());
    if (isTask() || target.method().equals("tools/call")) {
      known.put(Conventions.GEN_AI_OPERATION, "execute_tool");
    }
    put(known, Conventions.TRANSPORT, arrival.transport());
    put(known, Conventions.NETWORK_PROTOCOL, arrival.protocol());
    put(known, Conventions.NETWORK_VERSION, arrival.protocolVersion());
    return known.build();
  }

  private static void put(AttributesBuilder to, AttributeKey<String> key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      to.put(key, value);
    }
  }

  private boolean isTask() {
    return kind == SpanKind.INTERNAL;
  }

  private Context context() {
    var begun = context;
    if (begun == null) {
      start();
      begun = context;
    }
    return begun == null ? Context.root() : begun;
  }

  private Span span() {
    return Span.fromContext(context());
  }

  /// The session that it belongs to.
  ///
  /// @param key by which log and SQL know it: its id lets an anonymous client in
  public void ofSession(long key, String revision) {
    if (!isNone()) {
      span().setAttribute(Conventions.SESSION, Long.toString(key));
      speaks(revision);
    }
  }

  /// The revision of MCP that it is spelled in.
  public void speaks(String revision) {
    if (!isNone()) {
      this.revision = revision;
      span().setAttribute(Conventions.PROTOCOL_VERSION, revision);
    }
  }

  /// It ran before.
  public void isRerun() {
    if (!isNone()) {
      span().setAttribute(Conventions.RERUN, true);
    }
  }

  /// Makes it the current one of this thread, until the scope is closed.
  @SuppressWarnings("MustBeClosedChecker") // whoever enters leaves
  public Scope enter() {
    return isNone() ? Scope.noop() : context().makeCurrent();
  }

  /// Parameters of a message to the client that belongs to this request, with its context.
  public ObjectNode marked(ObjectNode params) {
    return isNone() ? params : Carried.with(tracing.propagator(), context(), params);
  }

  /// Parameters of this request that are about to be stored, for its further runs.
  public ObjectNode keptIn(ObjectNode params) {
    return KeptContext.put(params, traceParent());
  }

  /// Its span; empty where nothing is traced.
  public Optional<TraceParent> traceParent() {
    return isNone()
        ? Optional.empty()
        : Optional.of(span().getSpanContext()).filter(SpanContext::isValid).map(TraceParent::of);
  }

  /// Ends with its response.
  public void end(Response response) {
    if (isNone()) {
      return;
    }
    switch (response) {
      case Response.Failure(var _, var error) -> fail(error.code());
      case Response.Success(var _, var result) -> {
        var type = result.path("resultType");
        if (type.isString() && !type.stringValue().equals("complete")) {
          span().setAttribute(Conventions.RESULT_TYPE, type.stringValue());
        }
        if (isTaskAnswer(result)) {
          span().setAttribute(Conventions.RESULT_TYPE, "task");
        }
        end(result.path("isError").asBoolean(false) ? Conventions.TOOL_ERROR : null, null);
      }
    }
  }

  private boolean isTaskAnswer(JsonNode result) {
    return "tools/call".equals(target.method()) && result.path("task").has("taskId");
  }

  /// Ends with a JSON-RPC error of this code.
  public void fail(int code) {
    end(Integer.toString(code), Integer.toString(code));
  }

  /// Ends without a response, for this reason of few.
  public void end(String reason) {
    end(reason, null);
  }

  /// Ends well.
  public void end() {
    end(null, null);
  }

  private void end(@Nullable String error, @Nullable String status) {
    if (isNone()) {
      return;
    }
    var span = span();
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    var outcome = Attributes.builder();
    put(outcome, Conventions.ERROR, error);
    put(outcome, Conventions.STATUS_CODE, status);
    var ending = outcome.build();
    span.setAllAttributes(ending);
    if (error != null) {
      span.setStatus(StatusCode.ERROR); // no text: it may quote what the client sent
    }
    if (!isTask()) {
      var all = described().toBuilder().putAll(ending);
      put(all, Conventions.PROTOCOL_VERSION, revision);
      var context = context();
      try (var _ = context.makeCurrent()) { // for exemplars
        tracing.record(Duration.ofNanos(System.nanoTime() - arrival.nanos()), all.build());
      }
    }
    span.end();
  }
}
