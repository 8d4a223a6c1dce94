package trunkline.protocol.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.LogLevel;
import trunkline.protocol.wire.Envelope;
import trunkline.protocol.wire.Revision;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.session.Session;
import trunkline.task.TaskOrigin;

/// The client of a request: whom it acts for, and what it said that it can do.
public sealed interface Caller {
  /// Who sent the request that is run.
  Sender sender();

  /// The same client, as another request's sender.
  Caller as(Sender sender);

  default Principal principal() {
    return sender().principal();
  }

  /// What may be asked of it.
  ObjectNode capabilities();

  /// Empty in the era without sessions.
  Optional<Session> session();

  /// Whether it wants log messages of this level.
  boolean hears(LogLevel level);

  /// How a task that it asks for knows it.
  TaskOrigin origin(Revision revision);

  /// Whether it declared that it knows this extension.
  default boolean knows(String extension) {
    return Envelope.knows(capabilities(), extension);
  }

  /// What events know it by: its session's key; 0 without one.
  default long eventKey() {
    return session().map(session -> session.key().value()).orElse(0L);
  }

  /// Said what it is when it opened its session.
  record InSession(Session living, Sender sender) implements Caller {
    @Override
    public Caller as(Sender other) {
      return new InSession(living, other);
    }

    @Override
    public ObjectNode capabilities() {
      return living.clientCapabilities();
    }

    @Override
    public Optional<Session> session() {
      return Optional.of(living);
    }

    @Override
    public TaskOrigin origin(Revision revision) {
      return TaskOrigin.InSession.of(living);
    }

    /// All of them, unless it has chosen.
    @Override
    public boolean hears(LogLevel level) {
      return living.logLevel().map(level::reaches).orElse(true);
    }
  }

  /// Says what it is with each request.
  ///
  /// @param least null: no log messages (MCP 2026-07-28, Logging)
  record Alone(Sender sender, ObjectNode capabilities, @Nullable LogLevel least) implements Caller {
    @Override
    public Caller as(Sender other) {
      return new Alone(other, capabilities, least);
    }

    @Override
    public Optional<Session> session() {
      return Optional.empty();
    }

    @Override
    public TaskOrigin origin(Revision revision) {
      return new TaskOrigin.Alone(principal(), revision.version(), capabilities);
    }

    @Override
    public boolean hears(LogLevel level) {
      return least != null && level.reaches(least);
    }
  }
}
