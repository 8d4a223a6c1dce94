package trunkline.feature;

/// Whether a call of a tool may, or must, be run as a task: its client gets a task's id at once and
/// comes back for the result, to whichever instance (MCP 2025-11-25, Tasks).
///
/// Clients of revisions without tasks call any tool plainly, whatever it says here.
public enum TaskSupport {
  /// The default: a client that asks for a task gets an error.
  FORBIDDEN("forbidden"),
  /// As the client likes.
  OPTIONAL("optional"),
  /// A client that knows tasks has to ask for one.
  REQUIRED("required");

  private final String wire;

  TaskSupport(String wire) {
    this.wire = wire;
  }

  /// The wire's spelling.
  public String wire() {
    return wire;
  }
}
