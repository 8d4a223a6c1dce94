package trunkline.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What is done for the request that the calling thread serves, as a span of its own. Nothing where
/// none is served, or where nobody wants it.
public final class ChildSpan implements AutoCloseable {
  public static final ChildSpan NONE =
      new ChildSpan(Tracing.OFF, Span.getInvalid(), Context.root());

  private static final String POSTGRESQL = "postgresql";

  private final Tracing tracing;
  private final Span span;
  private final Context context;

  private ChildSpan(Tracing tracing, Span span, Context context) {
    this.tracing = tracing;
    this.span = span;
    this.context = context;
  }

  static ChildSpan of(
      Tracing tracing, String name, SpanKind kind, Context parent, @Nullable String method) {
    return of(tracing, name, kind, parent, method, null);
  }

  /// @param since now, unless it is given
  static ChildSpan of(
      Tracing tracing,
      String name,
      SpanKind kind,
      Context parent,
      @Nullable String method,
      @Nullable Instant since) {
    var builder =
        tracing
            .tracer()
            .spanBuilder(name)
            .setSpanKind(kind)
            .setParent(parent)
            .setAttribute(Conventions.INSTANCE, (long) tracing.instance());
    if (method != null) {
      builder.setAttribute(Conventions.METHOD, method);
    }
    if (since != null) {
      builder.setStartTimestamp(since);
    }
    var span = builder.startSpan();
    return new ChildSpan(tracing, span, parent.with(span));
  }

  /// A statement, whose name is known when it has run.
  public static ChildSpan statement() {
    var operation = Operation.current();
    if (operation == Operation.NONE || !Span.current().isRecording()) {
      return NONE;
    }
    var child = of(operation.tracing(), "statement", SpanKind.CLIENT, Context.current(), null);
    child.span.setAttribute(Conventions.DATABASE, POSTGRESQL);
    return child;
  }

  /// From handing a message in to its commit.
  public static ChildSpan publish() {
    var operation = Operation.current();
    return operation == Operation.NONE || !Span.current().isRecording()
        ? NONE
        : of(operation.tracing(), "publish", SpanKind.PRODUCER, Context.current(), null);
  }

  /// From a question to a client to its outcome.
  public static ChildSpan question(String method) {
    var operation = Operation.current();
    return operation == Operation.NONE
        ? NONE
        : of(operation.tracing(), method, SpanKind.CLIENT, Context.current(), method);
  }

  /// A question that a former round put to its client, and that is answered now.
  public static void asked(String method, TraceParent round, Instant when) {
    var operation = Operation.current();
    if (operation == Operation.NONE) {
      return;
    }
    var now = Instant.now();
    operation
        .tracing()
        .tracer()
        .spanBuilder(method)
        .setSpanKind(SpanKind.CLIENT)
        .setParent(round.in(Context.root()))
        .setAttribute(Conventions.INSTANCE, (long) operation.tracing().instance())
        .setAttribute(Conventions.METHOD, method)
        .setStartTimestamp(when.isBefore(now) ? when : now) // another instance's clock
        .startSpan()
        .end(now);
  }

  /// Parameters of a message to the client, with this span's context.
  public ObjectNode marked(ObjectNode params) {
    return this == NONE ? params : Carried.with(tracing.propagator(), context, params);
  }

  /// What is stored of it; null where nothing is traced.
  public @Nullable TraceParent traceParent() {
    return Optional.of(span.getSpanContext())
        .filter(SpanContext::isValid)
        .map(TraceParent::of)
        .orElse(null);
  }

  /// The statement's name, `table.verb`.
  public void named(String statement) {
    if (this != NONE) {
      span.updateName(statement).setAttribute(Conventions.STATEMENT, statement);
    }
  }

  /// It failed, for this reason of few.
  public void failed(String reason) {
    if (this != NONE) {
      span.setAttribute(Conventions.ERROR, reason).setStatus(StatusCode.ERROR);
    }
  }

  /// Ends it.
  @Override
  public void close() {
    if (this != NONE) {
      span.end();
    }
  }
}
