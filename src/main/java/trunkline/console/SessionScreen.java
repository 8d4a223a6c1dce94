package trunkline.console;

import java.time.Instant;
import java.util.List;
import trunkline.console.Story.Parts;
import trunkline.console.Story.Told;
import trunkline.console.visitor.Admission.Admitted.Visitor;
import trunkline.http.Pages.Visit;
import trunkline.page.Words;
import trunkline.store.Sql;

/// One session's life across instances.
final class SessionScreen {
  /// Beyond an end there may be the last records of what ran then.
  private static final long AFTER_SECONDS = 60;

  private static final Instant EVER = Instant.parse("9999-01-01T00:00:00Z");

  private final ConsoleLine line;
  private final MessagesScreen messages;

  SessionScreen(ConsoleLine line) {
    this.line = line;
    this.messages = new MessagesScreen(line);
  }

  /// @param below its key, and perhaps `messages`: what they say
  Shown show(String below, Visit visit, Visitor visitor) throws InterruptedException {
    var asked = Address.of(below, "messages");
    if (asked.isEmpty()) {
      return new Shown.Missing("a session is named by its key, a number");
    }
    var key = asked.get().number();
    if (!asked.get().isWhole()) {
      return messages.show(key, visit, visitor);
    }
    return line.read(sql -> StoryRows.session(sql, key).map(session -> life(sql, session)))
        .<Shown>map(life -> Shown.filled("Session " + key, "session.jte", life))
        .orElseGet(() -> missing(key));
  }

  static Shown missing(long key) {
    return new Shown.Missing(
        "there is no session %d: one is removed an hour after its end".formatted(key));
  }

  private static Life life(Sql sql, Told session) {
    var key = session.key();
    var ended = session.endedAt(); // of one that lives, no clock says where its records end
    var until = ended == null ? EVER : ended.plusSeconds(AFTER_SECONDS);
    var parts =
        new Parts(
            StoryRows.streams(sql, key),
            StoryRows.messages(sql, key),
            StoryRows.calls(sql, key),
            StoryRows.questions(sql, key),
            StoryRows.tasks(sql, session),
            StoryRows.records(sql, session, until),
            StoryRows.acts(sql, session, until),
            List.of());
    var story = Story.of(session, parts.on(StoryRows.instances(sql, parts.named())));
    return new Life(
        story,
        Drawing.of(story),
        Words.client(session.client()),
        Listening.of(sql, key, parts.messages().values()));
  }
}
