package trunkline.feature;

import java.util.Locale;

/// The choice that a model may, must or must not use the offered tools.
public enum ToolChoice {
  AUTO,
  REQUIRED,
  NONE;

  String json() {
    return name().toLowerCase(Locale.ROOT);
  }
}
