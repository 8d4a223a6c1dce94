package trunkline.exchange;

import org.jspecify.annotations.Nullable;

/// A client's reported progress with a question.
public record QuestionProgress(double progress, @Nullable Double total, @Nullable String message) {}
