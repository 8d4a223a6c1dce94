package trunkline.feature;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.shape.JsonSchema;

/// Something that a model can call. Made by [#named(String)].
public final class Tool implements Feature {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

  private final String name;
  private final @Nullable String title;
  private final String description;
  private final JsonSchema input;
  private final @Nullable JsonSchema output;
  private final ToolAnnotations hints;
  private final List<Icon> icons;
  private final Meta meta;
  private final @Nullable String view;
  private final boolean retryable;
  private final TaskSupport tasks;
  private final @Nullable Duration timeout;
  private final int concurrency;
  private final @Nullable Duration heartbeat;
  private final Set<ClientCapability> needs;
  private final Map<String, List<String>> mirrored;
  private final Binder binder;

  Tool(ToolBuilder<?, ?> builder, Binder binder) {
    if (!NAME.matcher(builder.name).matches()) {
      throw new IllegalArgumentException(
          "tool name '" + builder.name + "' does not match " + NAME.pattern());
    }
    if (builder.description.isBlank()) {
      throw new IllegalArgumentException("tool " + builder.name + " has no description");
    }
    this.name = builder.name;
    this.title = builder.title;
    this.description = builder.description;
    this.input = builder.input.schema();
    this.output = builder.output;
    this.hints = builder.hints;
    this.icons = List.copyOf(builder.icons);
    this.meta = builder.meta;
    this.view = builder.view;
    this.retryable = builder.retryable == null ? builder.hints.allowRetry() : builder.retryable;
    this.tasks = builder.tasks;
    this.timeout = builder.timeout;
    this.concurrency = builder.concurrency;
    this.heartbeat = builder.heartbeat;
    this.needs = Set.copyOf(builder.needs);
    this.mirrored = MirroredArguments.of(name, input.json());
    this.binder = binder;
  }

  /// Starts a tool. Without more it takes no arguments and answers a [ToolResult].
  public static ToolBuilder<ObjectNode, ToolResult> named(String name) {
    return new ToolBuilder<>(name);
  }

  /// A call whose arguments were found valid.
  @FunctionalInterface
  public interface Bound {
    ToolResult run(RequestContext context) throws Exception;
  }

  @FunctionalInterface
  interface Binder {
    Bound bind(ObjectNode arguments);
  }

  /// Checks the arguments, so that a call can be refused before anything runs.
  ///
  /// @throws InvalidArguments naming what is wrong and where
  public Bound bind(ObjectNode arguments) {
    var bound = binder.bind(arguments);
    return context -> checked(bound.run(context));
  }

  /// Calls it with this record, as a server would with a client's arguments: for tests. What the
  /// model would read as a failure is an error result: arguments that the schema refuses,
  /// [ToolFailed], a question without an answer. Any other exception, of which clients learn
  /// nothing, is thrown.
  ///
  /// @param context usually `trunkline.testkit.ScriptedContext`
  public ToolResult call(Record arguments, RequestContext context) throws Exception {
    return call(Records.json(arguments), context);
  }

  /// The same with the arguments as JSON; an empty object for a tool that takes none.
  public ToolResult call(ObjectNode arguments, RequestContext context) throws Exception {
    try {
      for (var need : needs) {
        if (!context.supports(need)) {
          throw new CapabilityMissing(need);
        }
      }
      return bind(arguments).run(context);
    } catch (InvalidArguments e) {
      return ToolResult.error("Invalid arguments for tool " + name + ": " + e.getMessage());
    } catch (ToolFailed | ClientRequestFailed | CapabilityMissing e) {
      return ToolResult.error(String.valueOf(e.getMessage()));
    }
  }

  /// The same without arguments.
  public ToolResult call(RequestContext context) throws Exception {
    return call(JsonNodeFactory.instance.objectNode(), context);
  }

  private ToolResult checked(ToolResult result) {
    if (output == null || result.isError()) {
      return result;
    }
    if (result.structured() == null) {
      throw new IllegalStateException(name + " has an output schema and no structured content");
    }
    var problems = output.problems(result.structured());
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          name + " broke its output schema: " + String.join("; ", problems));
    }
    return result;
  }

  @Override
  public FeatureKind kind() {
    return FeatureKind.TOOL;
  }

  @Override
  public String key() {
    return name;
  }

  public String name() {
    return name;
  }

  public Optional<String> title() {
    return Optional.ofNullable(title);
  }

  public String description() {
    return description;
  }

  /// Must not be modified.
  public ObjectNode inputSchema() {
    return input.json();
  }

  /// Must not be modified.
  public Optional<ObjectNode> outputSchema() {
    return Optional.ofNullable(output).map(JsonSchema::json);
  }

  public ToolAnnotations hints() {
    return hints;
  }

  public List<Icon> icons() {
    return icons;
  }

  /// What it says to programs.
  public Meta meta() {
    return meta;
  }

  /// The page that clients show its answers on, if it has one.
  public Optional<String> view() {
    return Optional.ofNullable(view);
  }

  /// Whether another instance may run a call again when its own has died.
  public boolean retryable() {
    return retryable;
  }

  /// How long a call may take, if it says so; zero for ever.
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  /// How many calls may run on an instance at a time, if it says so.
  public OptionalInt concurrency() {
    return concurrency == 0 ? OptionalInt.empty() : OptionalInt.of(concurrency);
  }

  /// How long its client may hear nothing, if it says so; zero for ever.
  public Optional<Duration> heartbeat() {
    return Optional.ofNullable(heartbeat);
  }

  /// Whether clients may, or must, run it as a task.
  public TaskSupport tasks() {
    return tasks;
  }

  /// The arguments that clients of the stateless era repeat in headers ([InHeader]): their paths,
  /// by the headers' names without `Mcp-Param-`.
  public Map<String, List<String>> mirrored() {
    return mirrored;
  }

  /// The capabilities that this tool needs of a client.
  public Set<ClientCapability> needs() {
    return needs;
  }
}
