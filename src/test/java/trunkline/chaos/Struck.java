package trunkline.chaos;

/// A fault that has happened.
///
/// @param nanoTime of its begin
record Struck(Step step, long nanoTime) {}
