package trunkline.feature;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;
import trunkline.shape.Binding;
import trunkline.shape.JsonSchema;

/// Describes a tool step by step; [#handler] finishes it.
///
/// @param <I> the handler's input
/// @param <O> the handler's output
public final class ToolBuilder<I, O> {
  private static final String NO_ARGUMENTS =
      """
      {"type": "object", "properties": {}, "additionalProperties": false}
      """;

  final String name;
  @Nullable String title;
  String description = "";
  InputType<?> input = InputType.raw(NO_ARGUMENTS);
  @Nullable JsonSchema output;
  ToolAnnotations hints = ToolAnnotations.NONE;
  final List<Icon> icons = new ArrayList<>();
  Meta meta = Meta.NONE;
  @Nullable String view;
  @Nullable Boolean retryable;
  TaskSupport tasks = TaskSupport.FORBIDDEN;
  @Nullable Duration timeout;
  int concurrency;
  @Nullable Duration heartbeat;
  final Set<ClientCapability> needs = EnumSet.noneOf(ClientCapability.class);
  private Function<Object, ToolResult> answer = ToolResult.class::cast;

  ToolBuilder(String name) {
    this.name = name;
  }

  public ToolBuilder<I, O> title(String title) {
    this.title = title;
    return this;
  }

  public ToolBuilder<I, O> description(String description) {
    this.description = description;
    return this;
  }

  public ToolBuilder<I, O> icon(Icon icon) {
    icons.add(icon);
    return this;
  }

  /// Says something to programs, in lists; see [Meta].
  public ToolBuilder<I, O> meta(String key, JsonNode value) {
    meta = meta.with(key, value);
    return this;
  }

  public ToolBuilder<I, O> meta(String key, String value) {
    meta = meta.with(key, value);
    return this;
  }

  /// Has clients that can (MCP Apps, [ClientCapability#APPS]) show its answers on this page, a
  /// [Resource#app] of the same catalog. Others show the text, which has to say as much.
  public ToolBuilder<I, O> ui(String resourceUri) {
    return ui(resourceUri, Codec.object());
  }

  /// The same for a tool that its page alone calls: clients keep it from the model. One that knows
  /// no pages keeps nothing, and nobody is kept out by it.
  public ToolBuilder<I, O> uiOnly(String resourceUri) {
    var ui = Codec.object();
    ui.putArray("visibility").add("app");
    return ui(resourceUri, ui);
  }

  private ToolBuilder<I, O> ui(String resourceUri, ObjectNode ui) {
    view = resourceUri;
    return meta("ui", ui.put("resourceUri", resourceUri));
  }

  /// Takes this record; its schema is derived.
  public <T extends Record> ToolBuilder<T, O> input(Class<T> type) {
    input = InputType.of(type);
    return retyped();
  }

  /// Takes a generic record or a sealed interface of records, as in `new
  /// TypeReference<Page<Order>>() {}`.
  public <T> ToolBuilder<T, O> input(TypeReference<T> type) {
    input = InputType.of(type);
    return retyped();
  }

  /// Takes JSON of this schema, given as JSON text; its root is an object.
  public ToolBuilder<ObjectNode, O> inputSchema(String schema) {
    input = InputType.raw(schema);
    if (!input.schema().json().path("type").asString("").equals("object")) {
      throw new IllegalArgumentException(
          "the input schema of " + name + " needs \"type\": \"object\" at its root");
    }
    return retyped();
  }

  /// Answers this record, as structured content and as text.
  public <T extends Record> ToolBuilder<I, T> output(Class<T> type) {
    return answering(Binding.of(type));
  }

  /// Answers a generic record or one of a sealed interface, as in `new TypeReference<Page<Order>>()
  /// {}`.
  public <T> ToolBuilder<I, T> output(TypeReference<T> type) {
    return answering(Binding.of(type));
  }

  private <T> ToolBuilder<I, T> answering(Binding<T> binding) {
    output = JsonSchema.compile(binding.schema());
    @SuppressWarnings("unchecked") // the handler that comes answers this type
    Function<Object, ToolResult> written =
        result -> ToolResult.structured(binding.write((T) result));
    answer = written;
    return retyped();
  }

  /// Answers results whose structured content has this schema, given as JSON text.
  public ToolBuilder<I, ToolResult> outputSchema(String schema) {
    output = JsonSchema.parse(schema);
    answer = ToolResult.class::cast;
    return retyped();
  }

  /// Changes nothing in the world.
  public ToolBuilder<I, O> readOnly() {
    hints = new ToolAnnotations(true, hints.destructive(), hints.idempotent(), hints.openWorld());
    return this;
  }

  /// Calling it again with the same arguments changes nothing more.
  public ToolBuilder<I, O> idempotent() {
    hints = new ToolAnnotations(hints.readOnly(), hints.destructive(), true, hints.openWorld());
    return this;
  }

  /// Whether it may delete or overwrite something.
  public ToolBuilder<I, O> destructive(boolean destructive) {
    hints =
        new ToolAnnotations(hints.readOnly(), destructive, hints.idempotent(), hints.openWorld());
    return this;
  }

  /// Whether it reaches beyond this server, like a web search.
  public ToolBuilder<I, O> openWorld(boolean openWorld) {
    hints =
        new ToolAnnotations(hints.readOnly(), hints.destructive(), hints.idempotent(), openWorld);
    return this;
  }

  /// Whether another instance may run a call again when its own has died; without it, read-only and
  /// idempotent tools may.
  public ToolBuilder<I, O> retryable(boolean retryable) {
    this.retryable = retryable;
    return this;
  }

  /// How long a call may take, not counting the time in which it waits for a person; then its
  /// thread is interrupted, and its client gets an error that says so. Zero for no limit; without
  /// this, an operator's `--call-timeout`. `--tool-timeouts` counts more.
  public ToolBuilder<I, O> timeout(Duration timeout) {
    this.timeout = notNegative(timeout);
    return this;
  }

  /// How many calls may run at a time on each instance; one too many waits for a second and is
  /// refused then, as a task it waits for its turn. `--tool-concurrency` counts more.
  public ToolBuilder<I, O> concurrency(int atOnce) {
    if (atOnce < 1) {
      throw new IllegalArgumentException(name + " runs " + atOnce + " times at once, at least 1");
    }
    this.concurrency = atOnce;
    return this;
  }

  /// How long a client that asked for progress may hear nothing: it is told then that the call goes
  /// on, while the handler works or waits for a person. Zero for never; without this, an operator's
  /// `--heartbeat`.
  public ToolBuilder<I, O> heartbeat(Duration interval) {
    this.heartbeat = notNegative(interval);
    return this;
  }

  private Duration notNegative(Duration given) {
    if (given.isNegative()) {
      throw new IllegalArgumentException(name + ": a duration of " + given + ", at least 0");
    }
    return given;
  }

  /// Whether calls may, or must, run as tasks.
  public ToolBuilder<I, O> tasks(TaskSupport support) {
    this.tasks = support;
    return this;
  }

  /// Is not run for clients that did not declare these.
  public ToolBuilder<I, O> needs(ClientCapability... capabilities) {
    Collections.addAll(needs, capabilities);
    return this;
  }

  public Tool handler(ToolHandler<I, O> handler) {
    @SuppressWarnings("unchecked") // input and I change together
    var shape = (InputType<I>) input;
    var toResult = answer;
    return new Tool(
        this,
        arguments -> {
          var value = shape.read(arguments);
          return context -> toResult.apply(handler.handle(value, context));
        });
  }

  @SuppressWarnings("unchecked") // the caller has just set what the new types describe
  private <J, P> ToolBuilder<J, P> retyped() {
    return (ToolBuilder<J, P>) this;
  }
}
