package trunkline.signal;

/// A wake-up: "read this again". It carries no data and may be lost, late or repeated.
///
/// @param id what of the topic; 0 means the topic as a whole
public record Wake(Topic topic, long id) {
  public Wake {
    if (id < 0) {
      throw new IllegalArgumentException(topic + " " + id + ": ids start at 1, 0 means all");
    }
  }

  /// Everything of a topic.
  public static Wake all(Topic topic) {
    return new Wake(topic, 0);
  }
}
