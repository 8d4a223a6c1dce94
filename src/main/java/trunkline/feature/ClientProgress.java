package trunkline.feature;

import org.jspecify.annotations.Nullable;

/// How far the client says that it is with a question.
///
/// @param progress increases with each report
/// @param total what it will be in the end, if the client knows
public record ClientProgress(double progress, @Nullable Double total, @Nullable String message) {}
