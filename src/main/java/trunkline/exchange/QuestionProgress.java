package trunkline.exchange;

import org.jspecify.annotations.Nullable;

/// How far a client says that it is with a question.
public record QuestionProgress(double progress, @Nullable Double total, @Nullable String message) {}
