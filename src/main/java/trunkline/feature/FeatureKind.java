package trunkline.feature;

import java.util.Locale;

/// The kinds of things in a catalog.
public enum FeatureKind {
  TOOL("tools"),
  RESOURCE("resources"),
  TEMPLATE("resources"),
  PROMPT("prompts");

  private final String list;

  FeatureKind(String list) {
    this.list = list;
  }

  /// The list that `notifications/…/list_changed` names.
  public String list() {
    return list;
  }

  /// The word for it in messages, cursors and rows.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The kind of this [#word()].
  public static FeatureKind of(String word) {
    for (var kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of feature: " + word);
  }
}
