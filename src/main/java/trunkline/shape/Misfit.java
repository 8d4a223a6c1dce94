package trunkline.shape;

import java.util.List;

/// JSON that does not have the shape. Each problem names its place, what is there and what was
/// expected.
public final class Misfit extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  Misfit(List<String> problems) {
    super(String.join("; ", problems), null, false, false);
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
