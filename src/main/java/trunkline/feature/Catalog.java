package trunkline.feature;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Everything a server offers, in the order of registration. It never changes; [Switches], read for
/// every list, say what is off for now.
public final class Catalog {
  /// Large, so that clients that never ask for a second page see everything.
  public static final int PAGE_SIZE = 1000;

  private final Contents contents;
  private final Belongings belongings;
  private final Set<String> headers;
  private final List<Interceptor> interceptors;
  private final @Nullable Implementation server;
  private final @Nullable String instructions;
  private final Map<String, Catalog> toolsets;
  private final @Nullable Catalog everything;

  private Catalog(Builder builder) {
    var shared = Builder.identitySet(builder.features);
    var all = new ArrayList<>(builder.features);
    builder.apart.stream().filter(it -> !shared.contains(it)).forEach(all::add);
    var nothingApart = all.size() == builder.features.size();
    var union = Contents.of(all, builder.pageSize);
    contents = nothingApart ? union : Contents.of(builder.features, builder.pageSize);
    belongings = builder.belongings;
    headers = Set.copyOf(builder.headers);
    interceptors = List.copyOf(builder.interceptors);
    server = builder.server;
    instructions = joined(builder.instructions);
    everything = nothingApart ? null : new Catalog(this, union, null, List.of());
    var parts = new LinkedHashMap<String, Catalog>();
    builder.toolsets.forEach((name, toolset) -> {
      var part =
          union.part(feature -> toolset.wants(feature, shared.contains(feature)), builder.pageSize);
      if (part.all().isEmpty()) {
        throw new IllegalArgumentException("the toolset " + name + " has no features");
      }
      parts.put(name, new Catalog(this, part, toolset.server, toolset.instructions));
    });
    toolsets = Collections.unmodifiableMap(parts);
    requireViews();
  }

  /// A part.
  private Catalog(
      Catalog whole,
      Contents contents,
      @Nullable Implementation server,
      List<String> instructions) {
    this.contents = contents;
    this.belongings = whole.belongings;
    this.headers = whole.headers;
    this.interceptors = whole.interceptors;
    this.server = server;
    this.instructions = joined(instructions);
    this.toolsets = Map.of();
    this.everything = null;
    requireViews();
  }

  private static @Nullable String joined(List<String> paragraphs) {
    return paragraphs.isEmpty() ? null : String.join("\n\n", paragraphs);
  }

  /// A client reads the page before it is needed, and tells nobody that it is missing.
  private void requireViews() {
    for (var tool : contents.tools().all()) {
      tool.view()
          .filter(view -> findReading(Switches.ALL_ON, view).isEmpty())
          .ifPresent(view -> {
            throw new IllegalArgumentException(
                "the tool %s is shown on %s, which is no resource of its catalog"
                    .formatted(tool.name(), view));
          });
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /// One page of the tools that are shown.
  ///
  /// @param shown such as [Switches]: whether a feature is there for whoever asks
  /// @throws CursorUnknown when no page has ended with this cursor
  public Page<Tool> tools(Predicate<? super Feature> shown, @Nullable String cursor) {
    return contents.tools().page(shown, cursor);
  }

  /// One page of the resources that are shown.
  ///
  /// @throws CursorUnknown when no page has ended with this cursor
  public Page<Resource> resources(Predicate<? super Feature> shown, @Nullable String cursor) {
    return contents.resources().page(shown, cursor);
  }

  /// One page of the templates that are shown.
  ///
  /// @throws CursorUnknown when no page has ended with this cursor
  public Page<ResourceTemplate> templates(
      Predicate<? super Feature> shown, @Nullable String cursor) {
    return contents.templates().page(shown, cursor);
  }

  /// One page of the prompts that are shown.
  ///
  /// @throws CursorUnknown when no page has ended with this cursor
  public Page<Prompt> prompts(Predicate<? super Feature> shown, @Nullable String cursor) {
    return contents.prompts().page(shown, cursor);
  }

  public Optional<Tool> findTool(Predicate<? super Feature> shown, String name) {
    return contents.tools().find(shown, name);
  }

  public Optional<Prompt> findPrompt(Predicate<? super Feature> shown, String name) {
    return contents.prompts().find(shown, name);
  }

  /// By its exact pattern, not by matching.
  public Optional<ResourceTemplate> findTemplate(
      Predicate<? super Feature> shown, String uriTemplate) {
    return contents.templates().find(shown, uriTemplate);
  }

  /// The reader of this URI: a resource of exactly this URI, else the first template that matches,
  /// of those that are shown.
  public Optional<Reading> findReading(Predicate<? super Feature> shown, String uri) {
    var resource = contents.resources().find(shown, uri);
    if (resource.isPresent()) {
      return resource.map(
          found -> new Reading(new ResourceRequest(uri, Map.of()), found.reader(), found));
    }
    for (var template : contents.templates().all()) {
      var variables = template.template().match(uri);
      if (variables.isPresent() && shown.test(template)) {
        return Optional.of(
            new Reading(new ResourceRequest(uri, variables.get()), template.reader(), template));
      }
    }
    return Optional.empty();
  }

  /// A resource that was found, ready to be read.
  ///
  /// @param of the resource or template that was found
  public record Reading(ResourceRequest request, ResourceReader reader, Feature of) {}

  /// Whether one of this kind says whom it is for, so that a list depends on who asks.
  public boolean isSelective(FeatureKind kind) {
    return contents.of(kind).stream().anyMatch(feature -> !feature.access().isVisibleToAll());
  }

  public boolean hasTools() {
    return !contents.tools().all().isEmpty();
  }

  /// Whether any tool can be run as a task.
  public boolean hasTasks() {
    return contents.tools().all().stream().anyMatch(tool -> tool.tasks() != TaskSupport.FORBIDDEN);
  }

  /// Whether any tool has a page of its own (MCP Apps).
  public boolean hasViews() {
    return contents.tools().all().stream().anyMatch(tool -> tool.view().isPresent());
  }

  public boolean hasResources() {
    return !contents.resources().all().isEmpty() || !contents.templates().all().isEmpty();
  }

  public boolean hasPrompts() {
    return !contents.prompts().all().isEmpty();
  }

  /// Its parts that are served as servers of their own, by their names.
  public Map<String, Catalog> toolsets() {
    return toolsets;
  }

  /// All features, those of toolsets alone included: what is to be found wherever it was called.
  public Catalog everything() {
    return everything == null ? this : everything;
  }

  /// The names of the request headers that its handlers see, in lower case.
  public Set<String> headers() {
    return headers;
  }

  /// What stands around its handlers, the outermost first.
  public List<Interceptor> interceptors() {
    return interceptors;
  }

  /// What the server calls itself; empty when no provider said it.
  public Optional<Implementation> server() {
    return Optional.ofNullable(server);
  }

  /// The instructions for the model; empty when no provider gave any.
  public Optional<String> instructions() {
    return Optional.ofNullable(instructions);
  }

  /// For whoever serves it: what belongs to it stays open until it was released as often.
  ///
  /// @throws IllegalStateException when that is closed already
  public void retain() {
    belongings.retain();
  }

  /// Takes [#retain()] back; the last one closes what belongs to the catalog, the latest first.
  ///
  /// @param failed hears of each that could not be closed
  public void release(Consumer<Exception> failed) {
    belongings.release(failed);
  }

  /// Collects features; two of one kind and key are refused.
  public static final class Builder {
    private final List<Feature> features = new ArrayList<>();
    private final List<Feature> apart = new ArrayList<>();
    private final Set<Feature> known = identitySet(List.of());
    private final Set<Feature> present = identitySet(List.of());
    private final Set<Feature> joined = identitySet(List.of());
    private final Map<String, ToolsetBuilder> toolsets = new LinkedHashMap<>();
    private final List<String> instructions = new ArrayList<>();
    private final Set<String> headers = new LinkedHashSet<>();
    private final List<Interceptor> interceptors = new ArrayList<>();
    private final Belongings belongings = new Belongings();
    private @Nullable Implementation server;
    private int pageSize = PAGE_SIZE;

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

    private Builder() {}

    /// Says what the server calls itself. Where several catalogs are served as one, the first that
    /// says it counts: the server is its server, and the others add to it. Options win
    /// (`--server-name` and its like).
    public Builder server(Implementation implementation) {
      if (server == null) {
        server = implementation;
      }
      return this;
    }

    public Builder add(Feature... added) {
      for (var feature : added) {
        if (!joined.remove(feature)) { // a toolset has brought it already
          features.add(feature);
          present.add(feature);
        }
      }
      return this;
    }

    /// Serves a part of the catalog at a path of its own, `/mcp/NAME`, besides the whole at `/mcp`.
    /// Who describes one of the same name adds to it.
    ///
    /// ```java
    /// catalog.toolset("kitchen", kitchen -> kitchen.add(BAKE, FRY).instructions("Bake, then fry."));
    /// ```
    ///
    /// @param name 1 to 64 letters, digits, `_` and `-`, the first a letter or digit
    public Builder toolset(String name, Consumer<ToolsetBuilder> description) {
      description.accept(toolsets.computeIfAbsent(name, _ -> new ToolsetBuilder(name, this)));
      return this;
    }

    void join(Feature feature) {
      if (present.add(feature)) {
        features.add(feature);
        joined.add(feature);
      }
    }

    void keepApart(Feature feature) {
      if (known.add(feature)) {
        apart.add(feature);
      }
    }

    /// By identity: what is equal is two of one name, which is refused.
    private static Set<Feature> identitySet(Collection<Feature> features) {
      var set = Collections.<Feature>newSetFromMap(new IdentityHashMap<>());
      set.addAll(features);
      return set;
    }

    /// A paragraph about how to use what was added.
    public Builder instructions(String paragraph) {
      instructions.add(paragraph);
      return this;
    }

    /// Lets handlers see these headers of their HTTP requests ([RequestContext#header]), such as
    /// `X-Tenant`. Only what is named is seen, `Authorization` too.
    ///
    /// @throws IllegalArgumentException for what can be no name of a header
    public Builder headers(String... names) {
      for (var name : names) {
        if (!HEADER.matcher(name).matches()) {
          throw new IllegalArgumentException("'" + name + "' can be no header, as X-Tenant can");
        }
        headers.add(name.toLowerCase(Locale.ROOT));
      }
      return this;
    }

    /// Lets these stand around all handlers, those of other catalogs that are served with it too;
    /// the first is the outermost.
    public Builder around(Interceptor... others) {
      interceptors.addAll(List.of(others));
      return this;
    }

    public Builder pageSize(int pageSize) {
      if (pageSize < 1) {
        throw new IllegalArgumentException("page size " + pageSize + ", at least 1");
      }
      this.pageSize = pageSize;
      return this;
    }

    /// Hands over what the handlers need and the catalog closes: once, when the last server that
    /// serves it has stopped and its last handler has ended; the latest first.
    public Builder closing(AutoCloseable belonging) {
      belongings.add(belonging);
      return this;
    }

    /// Closes what was handed over, since nothing will be built of this.
    ///
    /// @param failed hears of each that could not be closed
    public void discard(Consumer<Exception> failed) {
      belongings.release(failed);
    }

    public Catalog build() {
      return new Catalog(this);
    }
  }
}
