package trunkline.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import trunkline.console.StoryRows.Kept;
import trunkline.console.StoryRows.Part;
import trunkline.page.Words;

/// One session's life, as far as the tables still tell it: what happened, in order, and on which
/// instance.
///
/// @param gaps what is not kept, each a sentence
public record Story(Told session, List<Event> events, List<Host> hosts, List<String> gaps) {
  /// Where it is not known on which instance something happened, or it is none's.
  public static final int NOWHERE = 0;

  /// The session itself.
  public record Told(
      long key,
      String principal,
      String client,
      String revision,
      @Nullable String logLevel,
      Instant createdAt,
      @Nullable Instant lastUsedAt,
      @Nullable Instant endedAt,
      @Nullable String endReason) {}

  /// Something that happened.
  ///
  /// @param thing what it belongs to, the same for a beginning and its end
  /// @param kind for its colour: session, stream, call, question, task, request, operator, instance
  /// @param instance where; [#NOWHERE] where that is not kept
  /// @param label what stands below its mark
  public record Event(
      Instant at, String thing, String kind, int instance, String label, String what, String more) {
    /// The row that it comes from, as its view names it.
    public String row() {
      return kind.equals("request") || kind.equals("operator") ? "audit" : thing;
    }
  }

  /// An instance that had to do with it.
  public record Host(int id, String url, String state) {}

  /// The parts that were read.
  record Parts(
      List<Part> streams,
      Map<Long, Kept> messages,
      List<Part> calls,
      List<Part> questions,
      List<Part> tasks,
      List<Part> records,
      List<Part> acts,
      List<Part> instances) {
    /// The same with the instances that are named.
    Parts on(List<Part> found) {
      return new Parts(streams, messages, calls, questions, tasks, records, acts, found);
    }

    /// The instances that are named.
    List<Integer> named() {
      var ids = new TreeSet<Integer>();
      for (var parts : List.of(streams, calls, questions, tasks, records)) {
        for (var part : parts) {
          ids.add(part.instance());
          ids.add(part.other());
        }
      }
      ids.remove(NOWHERE);
      return List.copyOf(ids);
    }
  }

  static Story of(Told session, Parts parts) {
    var events = new ArrayList<Event>();
    events.add(ofSession(session.createdAt(), "initialized", session.revision()));
    parts.records.forEach(record -> events.add(request(record)));
    parts.streams.forEach(stream -> addStream(events, stream, parts.messages.get(stream.id())));
    parts.calls.forEach(call -> addCall(events, call));
    parts.questions.forEach(question -> addQuestion(events, question));
    parts.tasks.forEach(task -> addTask(events, task));
    parts.acts.forEach(act ->
        events.add(
            new Event(
                known(act.begun()),
                "act " + act.begun(),
                "operator",
                NOWHERE,
                Words.label(act.what()),
                Words.name(act.what()),
                Words.name(act.outcome()))));
    parts.instances.forEach(instance -> addGone(events, instance, session));
    if (session.endedAt() != null) {
      events.add(ofSession(session.endedAt(), "ended", text(session.endReason())));
    }
    events.sort(Comparator.comparing(Event::at));
    return new Story(session, List.copyOf(events), hosts(parts), gaps(session, parts));
  }

  private static Event ofSession(Instant at, String what, String more) {
    return new Event(at, "session", "session", NOWHERE, what, what, more);
  }

  private static Event request(Part record) {
    var run = record.number() > 1 ? ", run " + record.number() : "";
    var begun = known(record.begun());
    var took = record.ended() == null ? "" : ", " + Words.span(between(begun, record.ended()));
    return new Event(
        begun,
        "request " + begun,
        "request",
        record.instance(),
        Words.label(record.what()),
        Words.name(record.what()),
        text(record.outcome()) + took + run);
  }

  private static void addStream(List<Event> events, Part stream, @Nullable Kept kept) {
    var thing = "stream " + stream.id();
    var resumed = stream.number() > 1;
    var begun = stream.begun();
    var ended = stream.ended();
    if (begun != null) {
      var label = resumed ? "resumed" : "opened";
      events.add(
          new Event(
              begun,
              thing,
              "stream",
              stream.instance(),
              label,
              stream.what() + " " + label,
              streamMore(stream, kept)));
    }
    if (ended != null && begun != null && ended.isAfter(begun)) {
      events.add(
          new Event(
              ended,
              thing,
              "stream",
              stream.instance(),
              "closed",
              stream.what() + " closed",
              text(stream.outcome())));
    }
  }

  private static String streamMore(Part stream, @Nullable Kept kept) {
    var reader =
        stream.number() > 1
            ? "by reader %d; those before are not kept".formatted(stream.number())
            : "";
    if (kept == null) {
      return reader;
    }
    var messages =
        kept.isMore()
            ? "more than %s of its messages kept".formatted(Words.number(StoryRows.MESSAGES_MAX))
            : "%s of its messages kept, %s delivered"
                .formatted(Words.number(kept.number()), Words.number(kept.delivered()));
    return reader.isEmpty() ? messages : messages + "; " + reader;
  }

  private static void addCall(List<Event> events, Part call) {
    var thing = "call " + call.id();
    var what = Words.name(call.what());
    var begun = known(call.begun());
    events.add(
        new Event(
            begun,
            thing,
            "call",
            call.instance(),
            Words.label(call.what()),
            what,
            call.number() > 1 ? "run %d of it".formatted(call.number()) : ""));
    if (call.third() != null) {
      events.add(
          new Event(
              call.third(), thing, "call", NOWHERE, "cancel", what + ": cancel asked for", ""));
    }
    if (call.ended() != null) {
      var took = Words.span(between(begun, call.ended()));
      events.add(
          new Event(
              call.ended(),
              thing,
              "call",
              call.instance(),
              "answered",
              what + " answered",
              "after " + took));
    }
  }

  private static void addQuestion(List<Event> events, Part question) {
    var thing = "question " + question.id();
    var what = Words.name(question.what());
    var begun = known(question.begun());
    events.add(
        new Event(begun, thing, "question", question.instance(), "asked", what + " asked", ""));
    if (question.ended() != null) {
      var outcome = text(question.outcome());
      events.add(
          new Event(
              question.ended(),
              thing,
              "question",
              question.other(),
              outcome,
              what + " " + outcome,
              "after " + Words.span(between(begun, question.ended()))));
    }
  }

  private static void addTask(List<Event> events, Part task) {
    var thing = "task " + task.id();
    var run = task.number() > 1 ? "run " + task.number() : "";
    events.add(
        new Event(
            known(task.begun()),
            thing,
            "task",
            task.instance(),
            "task",
            "task " + Words.name(task.what()),
            run));
    if (task.ended() != null && task.ended().isAfter(known(task.begun()))) {
      events.add(
          new Event(
              task.ended(),
              thing,
              "task",
              task.instance(),
              text(task.outcome()),
              "task " + Words.name(task.what()) + " " + text(task.outcome()),
              "its latest change"));
    }
  }

  private static void addGone(List<Event> events, Part instance, Told session) {
    var gone = instance.ended();
    var state = text(instance.outcome());
    if (gone != null && gone.isAfter(session.createdAt()) && state.matches("dead|left|silent")) {
      events.add(
          new Event(
              gone,
              "instance " + instance.id(),
              "instance",
              instance.instance(),
              "gone",
              "instance " + instance.instance() + " gone",
              state + "; its last beat was then"));
    }
  }

  private static List<Host> hosts(Parts parts) {
    Map<Integer, Part> known =
        parts.instances.stream().collect(Collectors.toMap(Part::instance, Function.identity()));
    return parts.named().stream()
        .map(id -> {
          var part = known.get(id);
          return part == null
              ? new Host(id, "", "forgotten")
              : new Host(id, Words.name(part.what()), text(part.outcome()));
        })
        .toList();
  }

  private static List<String> gaps(Told session, Parts parts) {
    var gaps = new ArrayList<String>();
    if (parts.records.isEmpty()) {
      gaps.add("Requests that were answered at once are kept only where --audit is on.");
    }
    if (parts.streams.stream().anyMatch(stream -> stream.number() > 1)) {
      gaps.add("Of a stream's readers only the latest is kept.");
    }
    for (var stream : parts.streams) {
      var kept = parts.messages.get(stream.id());
      if (stream.begun() == null && kept != null) {
        gaps.add(
            "%s %d, which its client has not opened yet: %s."
                .formatted(stream.what(), stream.id(), streamMore(stream, kept)));
      }
    }
    for (var part :
        List.of(parts.streams, parts.calls, parts.questions, parts.tasks, parts.records)) {
      if (part.size() >= StoryRows.ROWS_MAX) {
        gaps.add(
            "There is more of some kind; the latest %d are shown.".formatted(StoryRows.ROWS_MAX));
        break;
      }
    }
    gaps.add(
        session.endedAt() == null
            ? "Calls go when they can no longer be resumed (--history-age-max), questions ten minutes"
                + " after their deadline."
            : "All of it goes an hour after the session's end.");
    return List.copyOf(gaps);
  }

  private static Duration between(Instant from, Instant to) {
    return Duration.between(from, to);
  }

  private static Instant known(@Nullable Instant at) {
    return at == null ? Instant.EPOCH : at;
  }

  private static String text(@Nullable String said) {
    return said == null ? "" : said;
  }
}
