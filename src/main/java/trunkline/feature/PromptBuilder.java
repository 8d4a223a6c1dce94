package trunkline.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Describes a prompt step by step; [#handler] finishes it.
public final class PromptBuilder {
  private final String name;
  private final List<PromptArgument> arguments = new ArrayList<>();
  private final List<Icon> icons = new ArrayList<>();
  private @Nullable String title;
  private @Nullable String description;
  private Meta meta = Meta.NONE;
  private Access access = Access.OPEN;

  PromptBuilder(String name) {
    this.name = name;
  }

  public PromptBuilder title(String title) {
    this.title = title;
    return this;
  }

  public PromptBuilder description(String description) {
    this.description = description;
    return this;
  }

  public PromptBuilder icon(Icon icon) {
    icons.add(icon);
    return this;
  }

  /// Says something to programs, in lists; see [Meta].
  public PromptBuilder meta(String key, JsonNode value) {
    meta = meta.with(key, value);
    return this;
  }

  public PromptBuilder meta(String key, String value) {
    meta = meta.with(key, value);
    return this;
  }

  public PromptBuilder argument(PromptArgument argument) {
    arguments.add(argument);
    return this;
  }

  /// Is not written for callers whose credentials lack one of these scopes; see [Access].
  public PromptBuilder requires(String... scopes) {
    access = access.requiring(scopes);
    return this;
  }

  /// Does not exist for callers of whom this is not true; see [Access].
  public PromptBuilder visibleTo(Predicate<? super Principal> condition) {
    access = access.visibleTo(condition);
    return this;
  }

  public Prompt handler(PromptHandler handler) {
    return new Prompt(name, title, description, arguments, icons, meta, access, handler);
  }
}
