package trunkline.console;

import java.util.Optional;
import trunkline.status.Status.Backlog;

/// What clients have not read, for the template.
public record Unread(Optional<Backlog> backlog) {}
