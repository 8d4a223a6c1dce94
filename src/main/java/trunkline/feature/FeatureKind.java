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

  /// The list whose `notifications/…/list_changed` tells of it.
  public String list() {
    return list;
  }

  /// As the database spells it.
  public String row() {
    return name().toLowerCase(Locale.ROOT);
  }
}
