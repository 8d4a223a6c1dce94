package trunkline.exchange;

import java.time.Duration;
import trunkline.exchange.PendingRows.Settled;
import trunkline.exchange.UnsettledQuestions.Unsettled;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.session.PendingId;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.Interruption;
import trunkline.store.OutagePatience;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The ends of questions whose asker waits no longer: the deadline has passed, or the call wants no
/// answer any more. The row decides, and a client whose answer is not wanted is told.
final class Withdrawals {
  /// How long a question's deadline may be overdue before it has passed without the database.
  private static final OutagePatience OUTAGE = new OutagePatience(Duration.ofMinutes(1));

  private final PendingRows rows;
  private final EventSink events;
  private final UnsettledQuestions unsettled = new UnsettledQuestions();

  Withdrawals(PendingRows rows, EventSink events) {
    this.rows = rows;
    this.events = events;
  }

  /// At the deadline the row decides: an answer may have come in time. An outage postpones that,
  /// and one that does not end decides it.
  Settled expired(AskedQuestion question) {
    try {
      return OUTAGE.call(() -> settle(question, QuestionOutcome.EXPIRED));
    } catch (InterruptedException e) {
      takeBack(question);
      throw Interruption.restored("cancelled while the client was asked", e);
    } catch (DatabaseUnavailable | DatabaseBusy e) {
      unsettled.add(new Unsettled(question, QuestionOutcome.EXPIRED));
      return new Settled(question.pending(), QuestionOutcome.EXPIRED, null);
    }
  }

  /// Now, or when the database is back.
  void takeBack(AskedQuestion question) {
    try {
      var _ = settle(question, QuestionOutcome.CANCELLED);
    } catch (DatabaseUnavailable | DatabaseBusy e) {
      unsettled.add(new Unsettled(question, QuestionOutcome.CANCELLED));
    }
  }

  /// Writes the outcome, or reads the faster one; notifies a client whose answer is not wanted.
  private Settled settle(AskedQuestion question, QuestionOutcome outcome) {
    var pending = question.pending();
    var settled =
        rows.settle(pending, question.asker(), outcome)
            .orElseGet(() -> new Settled(pending, QuestionOutcome.SESSION_ENDED, null));
    if (settled.outcome() == outcome) {
      tell(question, outcome);
    }
    return settled;
  }

  /// What its row says: that an operator took it back, for whom its deadline has passed.
  Settled heard(AskedQuestion question, Settled settled) {
    if (settled.outcome() == QuestionOutcome.EXPIRED) {
      tell(question, QuestionOutcome.EXPIRED);
    }
    return settled;
  }

  private void tell(AskedQuestion question, QuestionOutcome outcome) {
    var _ = question.writer().write(Codec.encode(voided(question.pending(), outcome)));
    events.emit(new ServerEvent.QuestionVoided(outcome.text()));
  }

  private static Message voided(PendingId pending, QuestionOutcome outcome) {
    var params = Codec.object();
    params.put("requestId", pending.value());
    params.put("reason", outcome.text());
    return new Message.Notification("notifications/cancelled", params);
  }

  /// Settles what an outage left open.
  ///
  /// @return how many were
  int settleLeft() {
    return unsettled.settle(it -> settle(it.question(), it.outcome()));
  }
}
