package trunkline.signal;

/// The outcome of one bounded step of work that is done again and again. How much was done and
/// whether to go on at once are two things: a step may look at many rows and handle none, or handle
/// many of which none is left.
///
/// @param rows handled; what is merely looked at is none
/// @param more whether another step would find something now
public record Step(int rows, boolean more) {

  /// A step that takes at most so many rows: as many as that means there may be more.
  public static Step upTo(int rowsMax, int rows) {
    return new Step(rows, rows >= rowsMax);
  }

  /// A step that leaves nothing to do, however much it did.
  public static Step whole(int rows) {
    return new Step(rows, false);
  }

  /// Two kinds of work done in one step.
  public Step and(Step other) {
    return new Step(rows + other.rows, more || other.more);
  }
}
