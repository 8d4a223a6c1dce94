package trunkline.exchange;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/// A task's question to its client, passed on by a call that waits for the task.
///
/// @param input the task's own id of the question
/// @param patience how long it stays open from now
public record TaskQuestion(
    TaskInputId input, String method, ObjectNode params, Duration patience) {}
