package trunkline.feature;

import org.jspecify.annotations.Nullable;

/// The client's progress with a question.
///
/// @param progress increases with each report
/// @param total its final value, if the client knows
public record ClientProgress(double progress, @Nullable Double total, @Nullable String message) {}
