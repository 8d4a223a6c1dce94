package trunkline.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Message;

/// The traces and the metrics of one server, on an `OpenTelemetry` that somebody else made and
/// closes.
public final class Tracing {
  private static final String SCOPE = "trunkline";

  /// Nothing is traced.
  public static final Tracing OFF = new Tracing(OpenTelemetry.noop(), "", () -> 0, false);

  private final boolean on;
  private final Tracer tracer;
  private final TextMapPropagator propagator;
  private final IntSupplier instance;
  private final DoubleHistogram operations;
  private final DoubleHistogram sessions;

  private Tracing(OpenTelemetry telemetry, String version, IntSupplier instance, boolean on) {
    this.on = on;
    this.instance = instance;
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
    this.tracer =
        telemetry
            .getTracerProvider()
            .tracerBuilder(SCOPE)
            .setInstrumentationVersion(version)
            .build();
    var meter =
        telemetry.getMeterProvider().meterBuilder(SCOPE).setInstrumentationVersion(version).build();
    this.operations =
        seconds(
            meter,
            Conventions.OPERATION_DURATION,
            "from a request's or notification's arrival to its answer");
    this.sessions =
        seconds(meter, Conventions.SESSION_DURATION, "from initialize to a session's end");
  }

  /// Everything is traced that a sampler lets through.
  ///
  /// @param version of the server
  /// @param instance the number of this instance, which changes when it was fenced
  public static Tracing on(OpenTelemetry telemetry, String version, IntSupplier instance) {
    return new Tracing(telemetry, version, instance, true);
  }

  private static DoubleHistogram seconds(Meter meter, String name, String meaning) {
    return meter
        .histogramBuilder(name)
        .setUnit("s")
        .setDescription(meaning)
        .setExplicitBucketBoundariesAdvice(Conventions.BUCKETS)
        .build();
  }

  public boolean isOn() {
    return on;
  }

  Tracer tracer() {
    return tracer;
  }

  TextMapPropagator propagator() {
    return propagator;
  }

  int instance() {
    return instance.getAsInt();
  }

  /// A client's request or notification. Its span begins when it is asked for.
  ///
  /// @param headers of the transport, by their names in lower case
  Operation arrived(
      Arrival arrival, Function<String, @Nullable String> headers, Message message, Target target) {
    var params =
        switch (message) {
          case Message.Request request -> request.params();
          case Message.Notification notification -> notification.params();
          default -> throw new IllegalArgumentException("a response is no operation");
        };
    var said = Carried.in(propagator, params);
    var sent = Carried.in(propagator, headers);
    var parent = Carried.isIn(said) ? said : sent;
    var operation = new Operation(this, SpanKind.SERVER, target, arrival, parent);
    if (Carried.isIn(said) && Carried.isIn(sent)) {
      operation.link(Carried.spanOf(sent));
    }
    if (message instanceof Message.Request request) {
      operation.requested(request.id());
    }
    return operation;
  }

  /// A request that ran before, elsewhere, and runs again here.
  ///
  /// @param first the span of its first run
  public Operation again(Target target, ObjectNode params, Optional<TraceParent> first) {
    return on ? further(SpanKind.SERVER, target, params, first) : Operation.NONE;
  }

  /// A run of a task.
  ///
  /// @param request the span of the request that asked for it
  public Operation task(@Nullable String tool, ObjectNode params, Optional<TraceParent> request) {
    return on
        ? further(SpanKind.INTERNAL, Target.tool("task", tool), params, request)
        : Operation.NONE;
  }

  private Operation further(
      SpanKind kind, Target target, ObjectNode params, Optional<TraceParent> first) {
    var said = Carried.in(propagator, params); // with its baggage
    var parent = first.map(span -> span.in(said)).orElse(said);
    var arrival = new Arrival("", "", "", System.nanoTime());
    var operation = new Operation(this, kind, target, arrival, parent);
    operation.start();
    return operation;
  }

  /// A client's answer to a question that an instance had put to it.
  void answered(String method, @Nullable TraceParent question, Instant came) {
    var parent = question == null ? Context.root() : question.in(Context.root());
    ChildSpan.of(this, "answer " + method, SpanKind.SERVER, parent, method, came).close();
  }

  void record(Duration operation, Attributes attributes) {
    operations.record(seconds(operation), attributes);
  }

  /// A session has ended.
  ///
  /// @param revision of MCP that it spoke
  public void sessionEnded(Duration lasted, String revision) {
    sessions.record(seconds(lasted), Attributes.of(Conventions.PROTOCOL_VERSION, revision));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
