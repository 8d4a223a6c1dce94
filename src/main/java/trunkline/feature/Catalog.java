package trunkline.feature;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Everything a server offers, in the order of registration. It never changes; [Switches], read for
/// every list, say what is off for now.
public final class Catalog {
  /// Large, so that clients that never ask for a second page see everything.
  public static final int PAGE_SIZE = 1000;

  private final FeatureList<Tool> tools;
  private final FeatureList<Resource> resources;
  private final FeatureList<ResourceTemplate> templates;
  private final FeatureList<Prompt> prompts;
  private final Belongings belongings;
  private final Set<String> headers;
  private final List<Interceptor> interceptors;
  private final @Nullable Implementation server;
  private final @Nullable String instructions;

  private Catalog(Builder builder) {
    tools = new FeatureList<>(FeatureKind.TOOL, builder.tools, builder.pageSize);
    resources = new FeatureList<>(FeatureKind.RESOURCE, builder.resources, builder.pageSize);
    templates = new FeatureList<>(FeatureKind.TEMPLATE, builder.templates, builder.pageSize);
    prompts = new FeatureList<>(FeatureKind.PROMPT, builder.prompts, builder.pageSize);
    requireViews();
    belongings = builder.belongings;
    headers = Set.copyOf(builder.headers);
    interceptors = List.copyOf(builder.interceptors);
    server = builder.server;
    instructions =
        builder.instructions.isEmpty() ? null : String.join("\n\n", builder.instructions);
  }

  /// A client reads the page before it is needed, and tells nobody that it is missing.
  private void requireViews() {
    for (var tool : tools.all()) {
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

  /// One page of the tools that are on.
  ///
  /// @throws CursorUnknown when no page has ended with this cursor
  public Page<Tool> tools(Switches switches, @Nullable String cursor) {
    return tools.page(switches, cursor);
  }

  /// One page of the resources that are on.
  ///
  /// @throws CursorUnknown when no page has ended with this cursor
  public Page<Resource> resources(Switches switches, @Nullable String cursor) {
    return resources.page(switches, cursor);
  }

  /// One page of the templates that are on.
  ///
  /// @throws CursorUnknown when no page has ended with this cursor
  public Page<ResourceTemplate> templates(Switches switches, @Nullable String cursor) {
    return templates.page(switches, cursor);
  }

  /// One page of the prompts that are on.
  ///
  /// @throws CursorUnknown when no page has ended with this cursor
  public Page<Prompt> prompts(Switches switches, @Nullable String cursor) {
    return prompts.page(switches, cursor);
  }

  public Optional<Tool> findTool(Switches switches, String name) {
    return tools.find(switches, name);
  }

  public Optional<Prompt> findPrompt(Switches switches, String name) {
    return prompts.find(switches, name);
  }

  /// By its exact pattern, not by matching.
  public Optional<ResourceTemplate> findTemplate(Switches switches, String uriTemplate) {
    return templates.find(switches, uriTemplate);
  }

  /// The reader of this URI: a resource of exactly this URI, else the first template that matches.
  public Optional<Reading> findReading(Switches switches, String uri) {
    var resource = resources.find(switches, uri);
    if (resource.isPresent()) {
      return resource.map(found -> new Reading(new ResourceRequest(uri, Map.of()), found.reader()));
    }
    for (var template : templates.all()) {
      if (switches.isOn(template)) {
        var variables = template.template().match(uri);
        if (variables.isPresent()) {
          return Optional.of(
              new Reading(new ResourceRequest(uri, variables.get()), template.reader()));
        }
      }
    }
    return Optional.empty();
  }

  /// A resource that was found, ready to be read.
  public record Reading(ResourceRequest request, ResourceReader reader) {}

  public boolean hasTools() {
    return !tools.all().isEmpty();
  }

  /// Whether any tool can be run as a task.
  public boolean hasTasks() {
    return tools.all().stream().anyMatch(tool -> tool.tasks() != TaskSupport.FORBIDDEN);
  }

  /// Whether any tool has a page of its own (MCP Apps).
  public boolean hasViews() {
    return tools.all().stream().anyMatch(tool -> tool.view().isPresent());
  }

  public boolean hasResources() {
    return !resources.all().isEmpty() || !templates.all().isEmpty();
  }

  public boolean hasPrompts() {
    return !prompts.all().isEmpty();
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
    private final List<Tool> tools = new ArrayList<>();
    private final List<Resource> resources = new ArrayList<>();
    private final List<ResourceTemplate> templates = new ArrayList<>();
    private final List<Prompt> prompts = new ArrayList<>();
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

    public Builder add(Feature... features) {
      for (var feature : features) {
        var _ =
            switch (feature) {
              case Tool tool -> tools.add(tool);
              case Resource resource -> resources.add(resource);
              case ResourceTemplate template -> templates.add(template);
              case Prompt prompt -> prompts.add(prompt);
            };
      }
      return this;
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
