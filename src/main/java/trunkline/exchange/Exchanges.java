package trunkline.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.FormerQuestionRows.Former;
import trunkline.exchange.PendingRows.Settled;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.Response;
import trunkline.session.KeyCounter;
import trunkline.session.PendingId;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.signal.Step;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.signal.Waker;
import trunkline.store.Database;
import trunkline.store.Interruption;
import trunkline.store.OutagePatience;
import trunkline.store.SetAside;
import trunkline.stream.Published;
import trunkline.stream.Question;
import trunkline.stream.StreamWriter;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;
import trunkline.trace.ChildSpan;
import trunkline.trace.Operations;
import trunkline.trace.TraceParent;

/// Questions to clients. The promises are in the package's documentation.
public final class Exchanges {
  private static final int READ_MAX = 1_000;

  /// How long what a former run asked is looked for without the database.
  private static final OutagePatience OUTAGE = new OutagePatience(Duration.ofMinutes(1));

  private final PendingRows rows;
  private final FormerQuestionRows former;
  private final Waker waker;
  private final Supplier<InstanceId> instance;
  private final EventSink events;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<PendingId, PendingAnswer> waiting = new ConcurrentHashMap<>();
  private final Withdrawals withdrawals;
  private final KeyCounter<SessionKey> open;
  private final UrlElicitations elicitations;

  /// @param instance the id of this instance, which changes when it was fenced
  /// @param sessionQuestionsMax how many answers one session's client may owe this instance
  public Exchanges(
      Database database,
      Waker waker,
      Supplier<InstanceId> instance,
      int sessionQuestionsMax,
      EventSink events) {
    this.open = new KeyCounter<>(sessionQuestionsMax);
    this.rows = new PendingRows(database, new SetAside("pending_requests", events));
    this.former = new FormerQuestionRows(database);
    this.withdrawals = new Withdrawals(rows, events);
    this.waker = waker;
    this.instance = instance;
    this.events = events;
    this.elicitations = new UrlElicitations(database, waker);
  }

  /// Web pages that users were asked to open.
  public UrlElicitations elicitations() {
    return elicitations;
  }

  /// Asks the client on the call's stream and waits for the outcome. A run that follows another of
  /// the same call finds what that one asked in the same words, with its answer where there is one.
  ///
  /// @param ordinal 1-based, of the questions of the call
  /// @param waiting how long; then the client is notified that it is void
  /// @throws CancellationException when the caller was interrupted; the question is then void too,
  ///   unless the call is handed on
  public Outcome ask(
      StreamWriter writer, int ordinal, String method, ObjectNode params, AskTimeouts waiting) {
    if (!open.add(writer.session())) {
      events.emit(new ServerEvent.LimitReached("session-questions-max"));
      return new Outcome.TooMany(open.max());
    }
    var span = ChildSpan.question(method);
    try {
      var outcome = asked(writer, ordinal, method, params, waiting, span);
      outcome.failure().ifPresent(span::failed);
      return outcome;
    } catch (CancellationException e) {
      span.failed("cancelled");
      throw e;
    } finally {
      span.close();
      open.remove(writer.session());
    }
  }

  private Outcome asked(
      StreamWriter writer,
      int ordinal,
      String method,
      ObjectNode params,
      AskTimeouts how,
      ChildSpan span) {
    var asker = instance.get();
    var digest = Question.digest(method, params);
    if (writer.isTakenOver()) {
      var answered = askedBefore(writer, asker, ordinal, digest, how);
      if (answered.isPresent()) {
        return answered.get();
      }
    }
    var pending = PendingId.of(asker, numbers.incrementAndGet());
    var waiter = new PendingAnswer(how, System::nanoTime);
    waiting.put(pending, waiter);
    try {
      var sent = waiter.wantsProgress() ? withToken(params, pending) : params;
      var request =
          new Message.Request(new RequestId.Whole(pending.value()), method, span.marked(sent));
      var question =
          new Question(
              pending,
              writer.session(),
              asker,
              ordinal,
              method,
              digest,
              how.atMost(),
              null,
              span.traceParent());
      if (published(writer.ask(Codec.encode(request), question)) instanceof Published.Refused) {
        return new Outcome.Gone();
      }
      events.emit(new ServerEvent.ClientAsked(asker.value(), writer.session().value(), method));
      return outcome(await(new AskedQuestion(writer, pending, asker), waiter));
    } finally {
      waiting.remove(pending, waiter);
    }
  }

  /// The outcome of what a former run asked at this place; empty when it is to be asked anew. Other
  /// words than then make the old question void.
  private Optional<Outcome> askedBefore(
      StreamWriter writer, InstanceId asker, int ordinal, byte[] digest, AskTimeouts how) {
    var there = patiently(() -> former.at(writer.stream(), ordinal));
    var same = there.stream().filter(it -> it.asks(digest)).findFirst();
    if (same.isPresent()) {
      return again(writer, asker, same.get(), how);
    }
    for (var other : there) {
      if (other.answer() == null && !other.asker().equals(asker)) {
        withdrawals.takeBack(new AskedQuestion(writer, other.pending(), other.asker()));
      }
    }
    return Optional.empty();
  }

  private Optional<Outcome> again(
      StreamWriter writer, InstanceId asker, Former question, AskTimeouts how) {
    if (question.answer() != null) {
      return Optional.of(Outcome.held(question.answer()));
    }
    var waiter = new PendingAnswer(how, System::nanoTime);
    waiting.put(question.pending(), waiter);
    try {
      if (patiently(() -> former.adopt(question.pending(), asker, how.atMost()))) {
        return Optional.of(
            outcome(await(new AskedQuestion(writer, question.pending(), asker), waiter)));
      }
      return patiently(() -> rows.settledAmong(List.of(question.pending()))).stream()
          .filter(it -> it.outcome() == QuestionOutcome.ANSWERED)
          .findFirst()
          .map(Exchanges::outcome);
    } finally {
      waiting.remove(question.pending(), waiter);
    }
  }

  /// What a former run asked must not be asked again because the database is away for a moment.
  private static <T> T patiently(OutagePatience.Question<T> question) {
    try {
      return OUTAGE.call(question);
    } catch (InterruptedException e) {
      throw Interruption.restored("cancelled while the client was asked", e);
    }
  }

  /// The token is the question's own id: unique, and all that is needed to find the row.
  private static ObjectNode withToken(ObjectNode params, PendingId pending) {
    var sent = params.deepCopy();
    sent.withObjectProperty("_meta").put("progressToken", pending.value());
    return sent;
  }

  /// Waits even when interrupted, which stays set: only when it is known whether the question is
  /// out can it be taken back.
  private static Published published(CompletableFuture<Published> publishing) {
    var _ = publishing.handle((_, _) -> true).join();
    return Database.await(publishing);
  }

  private Settled await(AskedQuestion question, PendingAnswer waiter) {
    Optional<Settled> settled;
    try {
      settled = waiter.await();
    } catch (InterruptedException e) {
      if (!question.writer().isHandedOn()) {
        withdrawals.takeBack(question);
      }
      throw Interruption.restored("cancelled while the client was asked", e);
    } catch (RuntimeException e) { // the progress listener wants no more
      withdrawals.takeBack(question);
      throw e;
    }
    return settled
        .map(how -> withdrawals.heard(question, how))
        .orElseGet(() -> withdrawals.expired(question));
  }

  private static Outcome outcome(Settled settled) {
    return switch (settled.outcome()) {
      case ANSWERED -> Outcome.held(Objects.requireNonNull(settled.answer()));
      case EXPIRED -> new Outcome.Expired();
      case CANCELLED, SESSION_ENDED, ABANDONED -> new Outcome.Gone();
    };
  }

  /// Puts a task's question on the stream of a call that waits for the task, and does not wait for
  /// the answer: that is the task's, see [#answersTo].
  ///
  /// @param ordinal 1-based, of the questions of the call
  /// @return empty when the session has ended
  public Optional<AskedQuestion> passOn(StreamWriter writer, int ordinal, TaskQuestion question) {
    var asker = instance.get();
    if (writer.isTakenOver()) {
      var before = patiently(() -> former.passedOn(writer.stream(), question.input()));
      if (before.isPresent()) { // whoever runs the task waits for its answer, if it is not there
        return Optional.of(new AskedQuestion(writer, before.get().pending(), before.get().asker()));
      }
    }
    var pending = PendingId.of(asker, numbers.incrementAndGet());
    var request =
        new Message.Request(
            new RequestId.Whole(pending.value()), question.method(), question.params());
    var row =
        new Question(
            pending,
            writer.session(),
            asker,
            ordinal,
            question.method(),
            Question.digest(question.method(), question.params()),
            question.patience(),
            question.input().value(),
            carried(question));
    if (Database.await(writer.ask(Codec.encode(request), row)) instanceof Published.Refused) {
      return Optional.empty();
    }
    events.emit(
        new ServerEvent.ClientAsked(asker.value(), writer.session().value(), question.method()));
    return Optional.of(new AskedQuestion(writer, pending, asker));
  }

  /// The trace that a task's question was stored with.
  private static @Nullable TraceParent carried(TaskQuestion question) {
    return TraceParent.parse(question.params().path("_meta").path("traceparent").asString(""))
        .orElse(null);
  }

  /// The answer is no longer wanted; the client is notified, unless it has answered.
  public void withdraw(AskedQuestion question) {
    withdrawals.takeBack(question);
  }

  /// The first response to each of these questions of tasks; not of all when that is much, see
  /// [#isCut].
  public Map<TaskInputId, byte[]> answersTo(Collection<TaskInputId> taskInputs) {
    return taskInputs.isEmpty() ? Map.of() : rows.answersTo(taskInputs);
  }

  /// Whether these are so large that there may be more.
  public static boolean isCut(Collection<byte[]> answers) {
    return PendingRows.isCut(answers.stream().mapToLong(answer -> answer.length).sum());
  }

  /// Takes a client's answer, whichever instance waits for it.
  ///
  /// @return false when no question waits for it: it is late, a repetition, or not this session's
  public boolean answer(SessionKey session, Response response) {
    var answered =
        switch (response) {
          case Response.Success success -> success.id();
          case Response.Failure failure -> failure.id();
        };
    if (!(answered instanceof RequestId.Whole(var id)) || id <= 0) {
      return unwanted(session);
    }
    var pending = new PendingId(id);
    var bytes = Codec.encode(response);
    var came = Instant.now();
    var asker = rows.answer(session, pending, bytes, instance.get());
    if (asker.isEmpty()) {
      return unwanted(session);
    }
    events.emit(new ServerEvent.ClientAnswered(session.value()));
    Operations.here().answered(asker.get().method(), asker.get().trace(), came);
    var task = asker.get().taskInput();
    if (task == null) {
      waker.wake(asker.get().instance(), List.of(new Wake(Topic.ANSWER, id)));
    } else {
      waker.wakeAll(new Wake(Topic.TASK, task.value())); // the task's current executor
    }
    return true;
  }

  /// Takes a client's progress with a question, whichever instance waits for it. It is ignored when
  /// no instance waits, or when it is no progress.
  public void advance(SessionKey session, PendingId question, QuestionProgress reached) {
    var asker = rows.advance(session, question, reached);
    asker.ifPresent(it -> waker.wake(it, List.of(new Wake(Topic.ANSWER, question.value()))));
  }

  private boolean unwanted(SessionKey session) {
    events.emit(new ServerEvent.AnswerUnwanted(session.value()));
    return false;
  }

  /// Finds our questions that are settled or have progressed, and users that are done, and settles
  /// what an outage left open; called on each wake-up and on every poll.
  ///
  /// @return how many were
  public int poll() {
    var ids = List.copyOf(waiting.keySet());
    var found = elicitations.poll();
    for (int from = 0; from < ids.size(); from += READ_MAX) {
      found += poll(ids.subList(from, Math.min(ids.size(), from + READ_MAX)));
    }
    return found + withdrawals.settleLeft();
  }

  private int poll(List<PendingId> some) {
    var found = 0;
    var left = new ArrayList<>(some);
    while (true) {
      var settled = rows.settledAmong(left);
      found += tell(left, settled);
      if (!PendingRows.isCut(settled.stream().mapToLong(Settled::bytes).sum())) {
        return found;
      }
      left.removeAll(settled.stream().map(Settled::pending).toList());
    }
  }

  private int tell(List<PendingId> some, List<Settled> settled) {
    var found = 0;
    var reporting =
        some.stream()
            .filter(id -> find(id).filter(PendingAnswer::wantsProgress).isPresent())
            .toList();
    if (!reporting
        .isEmpty()) { // read after the outcomes and passed on before them, so none is left out
      for (var advanced : rows.advancedAmong(reporting)) {
        found +=
            find(advanced.pending()).filter(w -> w.advance(advanced.reached())).isPresent() ? 1 : 0;
      }
    }
    for (var one : settled) {
      found += find(one.pending()).filter(w -> w.settle(one)).isPresent() ? 1 : 0;
    }
    return found;
  }

  private Optional<PendingAnswer> find(PendingId pending) {
    return Optional.ofNullable(waiting.get(pending));
  }

  /// One bounded round over all instances' questions; any number of instances may run it at once.
  public Step sweep(int rowsMax) {
    var swept = rows.sweep(rowsMax);
    if (swept.closed() > 0) {
      events.emit(new ServerEvent.QuestionsAbandoned(swept.closed()));
    }
    return Step.upTo(rowsMax, swept.closed()).and(Step.upTo(rowsMax, swept.removed()));
  }
}
