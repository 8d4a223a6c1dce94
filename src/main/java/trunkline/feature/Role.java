package trunkline.feature;

import java.util.Locale;

/// A speaker in a conversation with a model.
public enum Role {
  USER,
  ASSISTANT;

  public String json() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Role from(String json) {
    return valueOf(json.toUpperCase(Locale.ROOT));
  }
}
