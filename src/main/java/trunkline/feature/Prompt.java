package trunkline.feature;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A conversation's beginning that a user can pick. Made by [#named(String)].
public record Prompt(
    String name,
    @Nullable String title,
    @Nullable String description,
    List<PromptArgument> arguments,
    List<Icon> icons,
    Meta meta,
    Access access,
    PromptHandler handler)
    implements Feature {
  public Prompt {
    arguments = List.copyOf(arguments);
    icons = List.copyOf(icons);
    if (name.isBlank()) {
      throw new IllegalArgumentException("a prompt needs a name");
    }
    if (arguments.stream().map(PromptArgument::name).distinct().count() != arguments.size()) {
      throw new IllegalArgumentException("prompt " + name + " has two arguments of one name");
    }
  }

  public Prompt(
      String name,
      @Nullable String title,
      @Nullable String description,
      List<PromptArgument> arguments,
      List<Icon> icons,
      PromptHandler handler) {
    this(name, title, description, arguments, icons, Meta.NONE, Access.OPEN, handler);
  }

  public static PromptBuilder named(String name) {
    return new PromptBuilder(name);
  }

  public Optional<PromptArgument> findArgument(String argument) {
    return arguments.stream().filter(each -> each.name().equals(argument)).findFirst();
  }

  @Override
  public FeatureKind kind() {
    return FeatureKind.PROMPT;
  }

  @Override
  public String key() {
    return name;
  }
}
