package trunkline.chaos;

import java.util.List;
import trunkline.testing.History;

/// The guests of a run and the books that are kept of them.
record Crowd(List<Guest> guests, History history, Gaps gaps, Tally tally) {}
