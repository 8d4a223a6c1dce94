package trunkline.simulation;

import java.nio.charset.StandardCharsets;
import trunkline.session.Session;

/// What clients do, and who sends to them: in a storm as it pleases them, in the calm to its end.
record Clients(World world) {
  /// Connects, reads for a while, leaves or is left, and comes back; some open another connection
  /// while the first still stands, and some forget where they were.
  void read(Reader reader) {
    while (!reader.over) {
      var forgets =
          reader.standalone
              && !world.isCalm()
              && world.weather.forgetful()
              && world.random.nextBoolean();
      var from = forgets ? null : reader.last;
      if (!reader.standalone && from == null) {
        reader.over = true; // nobody could ask for it
        return;
      }
      reader.forgot |= reader.last != null && from == null;
      var node = world.someNode();
      var connection = world.connection(reader, node, from);
      world.trace(() -> connection + " asks " + node + " for what comes after " + from);
      world.schedule.start(node, "get", () -> node.serve(connection));
      stay(reader, connection);
      world.schedule.rest(world.random.nextInt(250));
    }
  }

  void stay(Reader reader, Connection connection) {
    var millis = world.isCalm() ? Long.MAX_VALUE : world.random.nextInt(50, 2_500);
    world.schedule.awaitCalmly(
        () -> connection.closed || !connection.node.alive || reader.over, millis);
    if (connection.refusal.equals("400") || connection.refusal.equals("405")) {
      if (reader.standalone) {
        reader.last = null;
      } else {
        reader.over = true;
      }
    }
    reader.over |= connection.refusal.equals("404");
    if (!connection.node.alive
        || !world.weather.impatient()
        || world.isCalm()
        || world.random.nextBoolean()) {
      connection.gone = true;
    }
  }

  void send(Reader reader) {
    for (int each = 0; each < world.weather.messages(); each++) {
      world.schedule.rest(world.random.nextInt(world.random.nextInt(3) == 0 ? 5 : 700));
      var node = world.someNode();
      var text = "message " + each + " to " + reader.stream.value();
      var payload = text.getBytes(StandardCharsets.UTF_8);
      world.schedule.start(
          node,
          "send",
          () -> {
            var _ =
                world.send(reader, node, text, () -> node.streams().send(reader.stream, payload));
          });
    }
  }

  void broadcast() {
    for (int each = 0; each < world.weather.messages() / 2; each++) {
      world.schedule.rest(world.random.nextInt(700));
      var node = world.someNode();
      var text = "notice " + each;
      world.witness.notice(text);
      world.schedule.start(node, "broadcast", () -> broadcast(node, text));
    }
  }

  private void broadcast(Node node, String text) {
    world.trace(() -> node + " tells everybody " + text);
    var _ =
        node.announcements()
            .broadcast(text)
            .thenAccept(id -> {
              world.trace(() -> text + " is stored as " + id);
              world.witness.announced(text, id);
            });
  }

  void call(Session session) {
    for (int each = 0; each < world.weather.calls(); each++) {
      world.schedule.rest(world.random.nextInt(1_500));
      var id = "\"" + session.key().value() + "-" + each + "\"";
      var poison = world.weather.kills() && world.random.nextInt(3) == 0;
      var plan =
          new CallPlan(
              session,
              id,
              world.random.nextInt(1, 5),
              poison || world.random.nextBoolean(),
              poison);
      world.plans.put(id, plan);
      var node = world.someNode();
      world.schedule.start(node, "call", () -> node.call(plan));
    }
  }

  void endSession(Reader standalone) {
    world.schedule.rest(world.random.nextInt(500, 3_000));
    var session = standalone.session.key().value();
    var streams =
        MemoryDatabase.ascending(
            world.database.streams().values().stream()
                .filter(row -> row.session == session)
                .map(row -> row.id)
                .toList());
    try {
      world.database.run(
          new Work<>(
              "sessions.end",
              streams,
              () -> {
                world.database.end(session);
                return true;
              }));
    } catch (RuntimeException e) {
      return; // the client asks once
    }
    world.ended.put(standalone.session.key(), world.schedule.nanos());
    world.readers.stream()
        .filter(reader -> reader.session.key().value() == session && world.random.nextBoolean())
        .forEach(reader -> reader.over = true);
  }
}
