package trunkline.feature;

/// Whether a call of a tool may, or must, be run as a task: its client gets a task's id at once and
/// comes back for the result, to whichever instance.
///
/// In 2025-11-25 the client asks for a task. In 2026-07-28 it only says, with the call, that it can
/// have one, and the server decides:
///
/// | | client asks (2025-11-25) | client can have tasks (2026-07-28) | any other client |
/// |---|---|---|---|
/// | `FORBIDDEN` | an error | a call | a call |
/// | `OPTIONAL` | a task | a task | a call |
/// | `LATER` | a task | a call, then a task where the handler says so | a call |
/// | `REQUIRED` | a task | a task | an error of 2025-11-25 and 2026-07-28, else a call |
public enum TaskSupport {
  /// The default: a client that asks for a task gets an error.
  FORBIDDEN("forbidden"),
  /// As the client likes; always, for one that leaves it to the server.
  OPTIONAL("optional"),
  /// As the client likes; for one that leaves it to the server, the handler says from where on:
  /// [RequestContext#continueAsTask()].
  LATER("optional"),
  /// A client that knows tasks has to ask for one, or to say that it can have one.
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
