package trunkline.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trunkline.testing.History;
import trunkline.testing.History.Finding;
import trunkline.testing.History.Kind;

/// What was sent and received in one order, for the [History] that judges the scenarios too; it
/// knows besides what no promise covers: what a promoted standby had not got, and what a client was
/// told that it missed.
final class Witness {
  private final History history = new History();
  private final Map<String, Sent> sent = new LinkedHashMap<>();
  private final Set<String> excused = new HashSet<>();
  private final Set<String> notices = new HashSet<>();
  private final Map<String, Long> announced = new LinkedHashMap<>();
  private final List<String> others = new ArrayList<>();

  /// A message on its way.
  private static final class Sent {
    final Reader reader;
    long id;
    boolean acknowledged;
    boolean over;

    Sent(Reader reader) {
      this.reader = reader;
    }
  }

  void attempted(Reader reader, String text) {
    sent.put(text, new Sent(reader));
    history.attempted(reader.toString(), text);
  }

  void acknowledged(Reader reader, String text, long id) {
    var message = of(text);
    message.id = id;
    message.acknowledged = true;
    message.over = true;
    history.acknowledged(reader.toString(), text, reader.stream.value() + "." + id + ".0");
  }

  /// Refused, or given up.
  void failed(String text) {
    of(text).over = true;
  }

  private Sent of(String text) {
    var message = sent.get(text);
    if (message == null) {
      throw new IllegalStateException("never sent: " + text);
    }
    return message;
  }

  void delivered(Reader reader, String text, long own, Connection connection) {
    history.delivered(
        reader.toString(), text, reader.stream.value() + "." + own + ".0", connection.toString());
  }

  void notice(String text) {
    notices.add(text);
  }

  /// An announcement is stored.
  void announced(String text, long id) {
    announced.put(text, id);
  }

  boolean hasHeard(Reader reader) {
    return announced.keySet().stream()
        .allMatch(text -> reader.hasHeard(text) || mayMissNotice(reader, text));
  }

  private boolean mayMissNotice(Reader reader, String text) {
    return excused.contains(text) || reader.mayMissNotice(text);
  }

  void judgeNotices(Reader reader) {
    if (!reader.over && !hasHeard(reader)) {
      others.add(reader + " has not heard everything that was announced");
    }
  }

  boolean isNotice(String text) {
    return notices.contains(text);
  }

  /// Lost with the tail of a database that a standby took over from.
  void excuse(String text) {
    excused.add(text);
  }

  /// Something besides messages went wrong.
  void found(String what) {
    others.add(what);
  }

  /// Whether everything was delivered that will be.
  boolean isSettled() {
    for (var message : sent.entrySet()) {
      var one = message.getValue();
      if (!one.over
          || (one.acknowledged
              && !one.reader.over
              && !one.reader.has(message.getKey())
              && !mayMiss(message.getKey(), one))) {
        return false;
      }
    }
    return true;
  }

  private boolean mayMiss(String text, Sent one) {
    return excused.contains(text) || one.reader.mayMiss(text, one.id);
  }

  List<String> findings() {
    var all = new ArrayList<>(others);
    for (var finding : history.verdict().findings()) {
      if (!isExcused(finding)) {
        all.add(finding.toString());
      }
    }
    return all;
  }

  private boolean isExcused(Finding finding) {
    if (excused.contains(finding.message())) {
      return true;
    }
    var one = sent.get(finding.message());
    return one != null
        && finding.kind() == Kind.LOST
        && (one.reader.over || one.reader.mayMiss(finding.message(), one.id));
  }
}
