package trunkline.status;

/// An instance's state for people: of one that drains they ask whether anything is left on it.
public final class ShownState {
  /// Of a row of `instance_directory`, named `state`.
  public static final String SQL =
      "CASE WHEN state = 'draining' AND drained_at IS NOT NULL THEN 'drained' ELSE state END AS state";

  private ShownState() {}
}
