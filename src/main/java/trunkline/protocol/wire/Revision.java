package trunkline.protocol.wire;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequest;
import trunkline.feature.Feature;
import trunkline.feature.Implementation;
import trunkline.feature.PromptMessage;
import trunkline.feature.ResourceContents;
import trunkline.feature.ToolResult;
import trunkline.session.Session;

/// A revision of MCP, and its differences from others. Decided once per request; everything else
/// asks it.
public enum Revision {
  V2025_03_26("2025-03-26"),
  V2025_06_18("2025-06-18"),
  V2025_11_25("2025-11-25"),
  V2026_07_28("2026-07-28");

  /// The answer to an unknown `initialize`.
  public static final Revision NEWEST_STATEFUL = V2025_11_25;

  /// Each request asks several times.
  private static final Map<String, Revision> BY_VERSION =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Revision::version, each -> each));

  private final String version;

  Revision(String version) {
    this.version = version;
  }

  /// The wire's spelling.
  public String version() {
    return version;
  }

  public static Optional<Revision> find(String version) {
    return Optional.ofNullable(BY_VERSION.get(version));
  }

  /// The one that a session agreed on.
  public static Revision of(Session session) {
    return find(session.revision()).orElse(NEWEST_STATEFUL);
  }

  /// The versions that this server serves, the newest first: the one list for discovery and for
  /// errors.
  public static List<String> supported() {
    return Arrays.stream(values())
        .sorted(Comparator.reverseOrder())
        .map(Revision::version)
        .toList();
  }

  /// The answer to `initialize`: the version that was asked for, else the newest that has sessions.
  public static Revision negotiate(String requested) {
    return find(requested).filter(each -> !each.isStateless()).orElse(NEWEST_STATEFUL);
  }

  /// Every request stands alone; there are no sessions.
  public boolean isStateless() {
    return this == V2026_07_28;
  }

  /// Several messages in one body.
  public boolean allowsBatch() {
    return this == V2025_03_26;
  }

  /// Streams begin with an event that has an id and no data; older clients fail to parse it.
  public boolean primesStreams() {
    return this == V2025_11_25;
  }

  /// The server may close a connection before its stream has ended, and the client comes back.
  public boolean allowsPolling() {
    return this == V2025_11_25;
  }

  public boolean hasElicitation() {
    return compareTo(V2025_06_18) >= 0;
  }

  /// Lists of choices, titled choices, and defaults of all fields in a form.
  public boolean hasRichForms() {
    return compareTo(V2025_11_25) >= 0;
  }

  public boolean hasUrlElicitation() {
    return compareTo(V2025_11_25) >= 0;
  }

  /// Clients repeat in headers what a tool's schema marks with `x-mcp-header`.
  public boolean hasMirroredHeaders() {
    return isStateless();
  }

  /// Clients are told when the page that they were asked to open is done with.
  public boolean hasElicitationIds() {
    return this == V2025_11_25;
  }

  /// Calls that run as tasks, with `tasks/result` and `tasks/list`.
  public boolean hasTasks() {
    return this == V2025_11_25;
  }

  /// The server says which extensions it knows; before, some clients refuse what they do not know.
  public boolean hasExtensions() {
    return compareTo(V2025_11_25) >= 0;
  }

  public boolean hasSamplingTools() {
    return compareTo(V2025_11_25) >= 0;
  }

  /// Wrong arguments are a result that the model reads, instead of a protocol error.
  public boolean inputErrorsAreToolErrors() {
    return compareTo(V2025_11_25) >= 0;
  }

  /// Structured content and output schemas.
  public boolean hasStructuredContent() {
    return compareTo(V2025_06_18) >= 0;
  }

  /// Output schemas and structured content of any type, not only objects.
  public boolean hasAnyStructuredContent() {
    return compareTo(V2026_07_28) >= 0;
  }

  public boolean hasResourceLinks() {
    return compareTo(V2025_06_18) >= 0;
  }

  public boolean hasTitles() {
    return compareTo(V2025_06_18) >= 0;
  }

  /// `_meta` of features and contents, and when something was changed last; results have had one
  /// before.
  public boolean hasMarks() {
    return compareTo(V2025_06_18) >= 0;
  }

  public boolean hasIcons() {
    return compareTo(V2025_11_25) >= 0;
  }

  /// `description`, `websiteUrl` and icons in an implementation's description.
  public boolean hasImplementationDescriptions() {
    return compareTo(V2025_11_25) >= 0;
  }

  /// The arguments that are settled already, in completion.
  public boolean hasCompletionContext() {
    return compareTo(V2025_06_18) >= 0;
  }

  /// A missing resource has an error code of its own.
  public boolean hasResourceNotFoundCode() {
    return !isStateless();
  }

  /// A server's description of itself, without what this revision lacks.
  public ObjectNode spell(Implementation server) {
    var json = server.json();
    if (!hasTitles()) {
      json.remove("title");
    }
    if (!hasImplementationDescriptions()) {
      json.remove(List.of("description", "websiteUrl", "icons"));
    }
    return json;
  }

  /// An entry of a list, without what this revision lacks.
  public ObjectNode spell(Feature feature) {
    return new Listing(this).entry(feature);
  }

  /// A tool's answer, without what this revision lacks.
  public ObjectNode spell(ToolResult result) {
    return Rendering.result(result, this);
  }

  /// A prompt's answer, without what this revision lacks.
  public ArrayNode spell(List<PromptMessage> messages) {
    return Rendering.messages(messages, this);
  }

  /// A resource's contents, without what this revision lacks.
  public ObjectNode spell(ResourceContents contents) {
    return Rendering.contents(contents, this);
  }

  /// The parameters of a question, without what this revision lacks in forms.
  public ObjectNode spell(ClientRequest question) {
    return Forms.params(question, this);
  }

  /// Whether a client of this revision that declared these capabilities can be asked for this.
  public boolean supports(ClientCapability capability, ObjectNode declared) {
    var known =
        switch (capability) {
          case SAMPLING, ROOTS, APPS -> true;
          case SAMPLING_TOOLS -> hasSamplingTools();
          case ELICITATION -> hasElicitation();
          case ELICITATION_URL -> hasUrlElicitation();
        };
    return known && capability.isIn(declared);
  }
}
