package trunkline.feature;

import org.jspecify.annotations.Nullable;

/// An argument of a prompt.
public record PromptArgument(
    String name,
    @Nullable String title,
    @Nullable String description,
    boolean required,
    @Nullable Completer completer) {
  public static PromptArgument required(String name, String description) {
    return new PromptArgument(name, null, description, true, null);
  }

  public static PromptArgument optional(String name, String description) {
    return new PromptArgument(name, null, description, false, null);
  }

  /// The same with a title for people.
  public PromptArgument titled(String title) {
    return new PromptArgument(name, title, description, required, completer);
  }

  public PromptArgument completedBy(Completer completer) {
    return new PromptArgument(name, title, description, required, completer);
  }
}
