package trunkline.protocol.run;

/// The runs of the same request around one of them.
///
/// @param former whether one began before, elsewhere
/// @param next whether another may follow
record Runs(boolean former, boolean next) {}
