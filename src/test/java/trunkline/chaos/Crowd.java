package trunkline.chaos;

import java.util.List;
import trunkline.testing.History;

/// The guests of a run and the books that are kept of them.
///
/// @param runsAgain whether a call that may run again does so
record Crowd(List<Guest> guests, History history, Gaps gaps, Tally tally, boolean runsAgain) {}
