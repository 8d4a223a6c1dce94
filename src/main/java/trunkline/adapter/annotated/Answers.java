package trunkline.adapter.annotated;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import trunkline.feature.Annotations;
import trunkline.feature.Completion;
import trunkline.feature.Content;
import trunkline.feature.PromptMessage;
import trunkline.feature.ResourceContents;
import trunkline.feature.Role;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;

/// What annotated methods return, as what our handlers do.
final class Answers {
  private static final JsonMapper MAPPER = Codec.mapper();

  private Answers() {}

  static ToolResult result(@Nullable Object returned) {
    if (returned == null) {
      return ToolResult.text("Success");
    }
    return switch (returned) {
      case ToolResult result -> result;
      case Optional<?> optional -> result(optional.orElse(null));
      case Object other when isTheirs(other, "ToolResponse") -> {
        var parts = new Parts(other);
        yield new ToolResult(
            contents(parts.list("content")),
            parts.find("structuredContent").map(Answers::json).orElse(null),
            parts.is("isError"));
      }
      case Collection<?> several -> new ToolResult(contents(several), null, false);
      default -> ToolResult.of(content(returned));
    };
  }

  private static List<Content> contents(Collection<?> several) {
    return several.stream().map(Answers::content).toList();
  }

  static Content content(Object value) {
    return switch (value) {
      case Content content -> content;
      case String _, Number _, Boolean _, Character _ -> Content.text(value.toString());
      case Enum<?> constant -> Content.text(constant.name());
      case Object other when Vocabulary.findOwner(other.getClass()).isPresent() ->
          theirs(new Parts(other));
      default -> Content.text(Codec.text(json(value)));
    };
  }

  private static Content theirs(Parts parts) {
    return switch (parts.kind()) {
      case "TextContent" -> Content.text(parts.require("text"));
      case "ImageContent" ->
          new Content.Image(parts.require("data"), parts.require("mimeType"), Annotations.NONE);
      case "AudioContent" ->
          new Content.Audio(parts.require("data"), parts.require("mimeType"), Annotations.NONE);
      case "ResourceLink" ->
          new Content.Link(
              parts.require("uri"),
              parts.require("name"),
              parts.text("description"),
              parts.text("mimeType"),
              Annotations.NONE);
      case "EmbeddedResource" ->
          Content.embedded(
              resource(parts.find("resource").orElseThrow(() -> unknown(parts.value())), "", null));
      default -> throw unknown(parts.value());
    };
  }

  static List<ResourceContents> resources(
      @Nullable Object returned, String uri, @Nullable String mimeType) {
    if (returned == null) {
      return List.of();
    }
    return switch (returned) {
      case Optional<?> optional -> resources(optional.orElse(null), uri, mimeType);
      case Collection<?> several ->
          several.stream().map(each -> resource(each, uri, mimeType)).toList();
      case Object other when isTheirs(other, "ResourceResponse") ->
          resources(new Parts(other).list("contents"), uri, mimeType);
      default -> List.of(resource(returned, uri, mimeType));
    };
  }

  private static ResourceContents resource(Object value, String uri, @Nullable String mimeType) {
    return switch (value) {
      case ResourceContents contents -> contents;
      case String text -> ResourceContents.text(uri, mimeType, text);
      case byte[] bytes -> ResourceContents.blob(uri, mimeType, bytes);
      case Object other when isTheirs(other, "TextResourceContents") -> {
        var parts = new Parts(other);
        yield new ResourceContents.Text(
            parts.require("uri"), parts.text("mimeType"), parts.require("text"));
      }
      case Object other when isTheirs(other, "BlobResourceContents") -> {
        var parts = new Parts(other);
        yield new ResourceContents.Blob(
            parts.require("uri"), parts.text("mimeType"), parts.require("blob"));
      }
      case Object other when Vocabulary.findOwner(other.getClass()).isPresent() ->
          throw unknown(other);
      default -> ResourceContents.text(uri, mimeType, Codec.text(json(value)));
    };
  }

  static List<PromptMessage> messages(@Nullable Object returned) {
    if (returned == null) {
      return List.of();
    }
    return switch (returned) {
      case Optional<?> optional -> messages(optional.orElse(null));
      case Collection<?> several -> several.stream().map(Answers::message).toList();
      case Object other when isTheirs(other, "PromptResponse") ->
          messages(new Parts(other).list("messages"));
      default -> List.of(message(returned));
    };
  }

  private static PromptMessage message(Object value) {
    if (value instanceof PromptMessage message) {
      return message;
    }
    if (isTheirs(value, "PromptMessage")) {
      var parts = new Parts(value);
      return new PromptMessage(
          Role.valueOf(parts.require("role").toUpperCase(Locale.ROOT)),
          content(parts.find("content").orElseThrow(() -> unknown(value))));
    }
    return new PromptMessage(Role.USER, content(value));
  }

  static Completion completion(@Nullable Object returned) {
    if (returned == null) {
      return Completion.of(List.of());
    }
    return switch (returned) {
      case Completion completion -> completion;
      case Optional<?> optional -> completion(optional.orElse(null));
      case Collection<?> several -> Completion.of(several.stream().map(String::valueOf).toList());
      case Object other when isTheirs(other, "CompletionResponse") -> {
        var parts = new Parts(other);
        var shown = Completion.of(parts.list("values").stream().map(String::valueOf).toList());
        yield new Completion(
            shown.values(),
            Math.max(shown.total(), parts.find("total").map(Integer.class::cast).orElse(0)));
      }
      default -> Completion.of(Stream.of(returned).map(String::valueOf).toList());
    };
  }

  private static JsonNode json(Object value) {
    return value instanceof JsonNode json ? json : MAPPER.valueToTree(value);
  }

  private static boolean isTheirs(Object value, String kind) {
    return value.getClass().getSimpleName().equals(kind)
        && Vocabulary.findOwner(value.getClass()).isPresent();
  }

  private static IllegalStateException unknown(Object value) {
    return new IllegalStateException(
        "a method returned a " + value.getClass().getName() + ", which Trunkline cannot read");
  }
}
