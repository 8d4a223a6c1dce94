package trunkline.chaos;

import static trunkline.testing.Json.json;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trunkline.testing.History;

/// A steady flow of messages: to each guest in turn by `select trunkline.send(…)`, now and then to
/// all by `trunkline.broadcast(…)`. A commit that was answered is a promise; one whose answer was
/// lost may have been made or not.
final class Flow implements Runnable {
  /// Between two messages to one guest.
  static final int MILLIS = 120;

  private static final int BROADCAST_EVERY = 40;
  private static final String SQL_KIND = "sql";
  private static final String ALL_KIND = "all";

  private final Stage stage;
  private final List<Guest> guests;
  private final History history;
  private final Tally tally;
  private final Pause pause;
  private @Nullable Connection connection;
  private int broadcasts;

  Flow(Stage stage, List<Guest> guests, History history, Tally tally, Pause pause) {
    this.stage = stage;
    this.guests = guests;
    this.history = history;
    this.tally = tally;
    this.pause = pause;
  }

  @Override
  public void run() {
    for (var i = 1; pause.of(MILLIS / guests.size()); i++) {
      try {
        send(guests.get(i % guests.size()));
        if (i % BROADCAST_EVERY == 0) {
          broadcast();
        }
      } catch (SQLException _) {
        tally.count("SQL broken");
        disconnect();
        var _ = pause.of(100);
      }
    }
    disconnect();
  }

  private void send(Guest guest) throws SQLException {
    var text = guest.text(SQL_KIND);
    history.attempted(guest.stream(SQL_KIND), text);
    try (var send = connected().prepareStatement("select trunkline.send(?, ?)")) {
      send.setString(1, guest.client.sessionId());
      send.setString(2, notification(text));
      try (var answer = send.executeQuery()) {
        answer.next();
        if (!answer.getBoolean(1)) {
          tally.wrong("the session of %s is gone".formatted(guest.name));
          return;
        }
      }
    }
    history.acknowledged(guest.stream(SQL_KIND), text);
  }

  private void broadcast() throws SQLException {
    var text = "all/" + ALL_KIND + "/" + ++broadcasts;
    guests.forEach(guest -> history.attempted(guest.stream(ALL_KIND), text));
    try (var send = connected().prepareStatement("select trunkline.broadcast(?)")) {
      send.setString(1, notification(text));
      send.execute();
    }
    guests.forEach(guest -> history.acknowledged(guest.stream(ALL_KIND), text));
  }

  private static String notification(String text) {
    return json(
        "{'jsonrpc':'2.0','method':'notifications/message','params':{'level':'warning','data':'%s'}}",
        text);
  }

  private Connection connected() throws SQLException {
    var open = connection;
    if (open == null) {
      open = stage.connect();
      connection = open;
    }
    return open;
  }

  private void disconnect() {
    try (var _ = connection) {
      connection = null;
    } catch (SQLException _) {
      connection = null; // gone either way
    }
  }
}
