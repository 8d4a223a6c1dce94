package trunkline.adapter.sdk;

import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Annotations;
import trunkline.feature.Icon;
import trunkline.feature.Role;

/// What the SDK's features say of themselves, in our words.
final class Described {
  private Described() {}

  static List<Icon> icons(@Nullable List<McpSchema.Icon> icons) {
    return icons == null ? List.of() : icons.stream().map(Described::icon).toList();
  }

  private static Icon icon(McpSchema.Icon icon) {
    return new Icon(
        icon.src(), icon.mimeType(), icon.sizes() == null ? List.of() : icon.sizes(), icon.theme());
  }

  /// Hands on what is said of it to programs.
  static void meta(@Nullable Map<String, Object> given, BiConsumer<String, JsonNode> said) {
    if (given != null) {
      Wire.object(given).properties().forEach(each -> said.accept(each.getKey(), each.getValue()));
    }
  }

  static Annotations annotations(McpSchema.@Nullable Annotations given) {
    if (given == null) {
      return Annotations.NONE;
    }
    return new Annotations(
        Stream.ofNullable(given.audience()).flatMap(List::stream).map(Described::role).toList(),
        given.priority(),
        given.lastModified());
  }

  static Role role(McpSchema.Role role) {
    return switch (role) {
      case USER -> Role.USER;
      case ASSISTANT -> Role.ASSISTANT;
    };
  }

  /// The first of these that says something.
  static String first(String last, @Nullable String... texts) {
    return Stream.of(texts)
        .filter(text -> text != null && !text.isBlank())
        .map(String::valueOf)
        .findFirst()
        .orElse(last);
  }
}
