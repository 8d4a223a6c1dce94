package trunkline.feature;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One block of a tool's answer or of a message. Bytes are kept in base64, as they travel.
public sealed interface Content {
  Annotations annotations();

  /// What it says to programs.
  default Meta meta() {
    return Meta.NONE;
  }

  record Text(String text, Annotations annotations, Meta meta) implements Content {
    public Text(String text, Annotations annotations) {
      this(text, annotations, Meta.NONE);
    }
  }

  record Image(String base64, String mimeType, Annotations annotations, Meta meta)
      implements Content {
    public Image(String base64, String mimeType, Annotations annotations) {
      this(base64, mimeType, annotations, Meta.NONE);
    }
  }

  record Audio(String base64, String mimeType, Annotations annotations, Meta meta)
      implements Content {
    public Audio(String base64, String mimeType, Annotations annotations) {
      this(base64, mimeType, annotations, Meta.NONE);
    }
  }

  /// Points at a resource that the client may read.
  ///
  /// @param listing as in a list of resources, where it need not be
  record Link(String uri, ResourceListing listing) implements Content {
    public Link(
        String uri,
        String name,
        @Nullable String description,
        @Nullable String mimeType,
        Annotations annotations) {
      this(
          uri,
          new ResourceListing(name, null, description, mimeType, null, annotations, List.of()));
    }

    @Override
    public Annotations annotations() {
      return listing.annotations();
    }

    @Override
    public Meta meta() {
      return listing.meta();
    }
  }

  /// Carries a resource with it.
  record Embedded(ResourceContents resource, Annotations annotations, Meta meta)
      implements Content {
    public Embedded(ResourceContents resource, Annotations annotations) {
      this(resource, annotations, Meta.NONE);
    }
  }

  /// The model wants a tool to be used. Only in a sampled model's answer.
  ///
  /// @param said `_meta`, the client's own, which it gets back when the conversation goes on
  record ToolUse(String id, String name, ObjectNode input, @Nullable ObjectNode said)
      implements Content {
    @Override
    public Annotations annotations() {
      return Annotations.NONE;
    }

    /// Its description for the model.
    public ToolOutcome answeredBy(ToolResult result) {
      return new ToolOutcome(id, result);
    }

    static List<ToolUse> among(List<Content> content) {
      return content.stream().filter(ToolUse.class::isInstance).map(ToolUse.class::cast).toList();
    }
  }

  /// The answer of a tool that the model used. Only in messages to a sampled model.
  record ToolOutcome(String toolUseId, ToolResult result) implements Content {
    @Override
    public Annotations annotations() {
      return Annotations.NONE;
    }
  }

  /// A kind of block that this API has no type for, as it came.
  record Other(ObjectNode json) implements Content {
    /// A copy: clients that lack something get less of it.
    @Override
    public ObjectNode json() {
      return json.deepCopy();
    }

    @Override
    public Annotations annotations() {
      return Annotations.NONE;
    }
  }

  static Content text(String text) {
    return new Text(text, Annotations.NONE);
  }

  static Content image(byte[] bytes, String mimeType) {
    return new Image(Base64.getEncoder().encodeToString(bytes), mimeType, Annotations.NONE);
  }

  static Content audio(byte[] bytes, String mimeType) {
    return new Audio(Base64.getEncoder().encodeToString(bytes), mimeType, Annotations.NONE);
  }

  static Content link(String uri, String name) {
    return new Link(uri, name, null, null, Annotations.NONE);
  }

  /// Points at a resource of this server, with all that its list says of it.
  static Content link(Resource resource) {
    return new Link(resource.uri(), resource.listing());
  }

  static Content embedded(ResourceContents resource) {
    return new Embedded(resource, Annotations.NONE);
  }

  /// The same with this advice for the client instead of its own.
  ///
  /// @throws IllegalArgumentException for uses of tools and their answers, which have none
  default Content annotated(Annotations annotations) {
    return switch (this) {
      case Text(var text, var _, var meta) -> new Text(text, annotations, meta);
      case Image(var data, var type, var _, var meta) -> new Image(data, type, annotations, meta);
      case Audio(var data, var type, var _, var meta) -> new Audio(data, type, annotations, meta);
      case Link(var uri, var listing) -> new Link(uri, listing.annotated(annotations));
      case Embedded(var resource, var _, var meta) -> new Embedded(resource, annotations, meta);
      case ToolUse _, ToolOutcome _, Other _ -> throw unmarkable("annotations");
    };
  }

  /// The same with this `_meta` instead of its own.
  ///
  /// @throws IllegalArgumentException for uses of tools and their answers, whose is the client's
  default Content withMeta(Meta meta) {
    return switch (this) {
      case Text(var text, var annotations, var _) -> new Text(text, annotations, meta);
      case Image(var data, var type, var annotations, var _) ->
          new Image(data, type, annotations, meta);
      case Audio(var data, var type, var annotations, var _) ->
          new Audio(data, type, annotations, meta);
      case Link(var uri, var listing) -> new Link(uri, listing.withMeta(meta));
      case Embedded(var resource, var annotations, var _) ->
          new Embedded(resource, annotations, meta);
      case ToolUse _, ToolOutcome _, Other _ -> throw unmarkable("_meta");
    };
  }

  private IllegalArgumentException unmarkable(String mark) {
    return new IllegalArgumentException(
        "a " + getClass().getSimpleName() + " has no " + mark + " of the server's");
  }

  /// Whether it belongs to conversations with a client's model, and nowhere else.
  default boolean isOfSampling() {
    return this instanceof ToolUse || this instanceof ToolOutcome;
  }

  /// The newest revision's spelling; `protocol` removes what older ones lack.
  default ObjectNode json() {
    return ContentJson.write(this);
  }

  /// Reads one block of a client's message; a malformed one becomes [Other].
  static Content from(JsonNode json) {
    return ContentJson.read(json);
  }
}
