package trunkline.feature;

import java.util.Locale;

/// Whether a model may, must or must not use the tools that it is told of.
public enum ToolChoice {
  AUTO,
  REQUIRED,
  NONE;

  String json() {
    return name().toLowerCase(Locale.ROOT);
  }
}
