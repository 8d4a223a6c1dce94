package trunkline.signal;

/// One start of one server. A new start, and a life after being declared dead, get a new number.
public record InstanceId(int value) {
  public InstanceId {
    if (value < 1) {
      throw new IllegalArgumentException("instance ids start at 1, not " + value);
    }
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
