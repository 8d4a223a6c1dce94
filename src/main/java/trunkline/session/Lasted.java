package trunkline.session;

import java.time.Duration;

/// A session that has ended: how long it was one.
///
/// @param revision of MCP that it spoke
public record Lasted(Duration time, String revision) {}
