package trunkline.chaos;

/// One fault of a plan.
///
/// @param at seconds after the begin of the faults; later when the one before takes longer
/// @param target the place of the instance that it happens to
/// @param seconds how long it lasts, where that is up to the plan
record Step(int at, Fault fault, int target, int seconds) {
  @Override
  public String toString() {
    return "%4d s  %s".formatted(at, words());
  }

  String words() {
    return fault.label()
        + (fault.hasTarget() ? " " + "abc".charAt(target) : "")
        + (fault.lasts() ? ", " + seconds + " s" : "");
  }
}
