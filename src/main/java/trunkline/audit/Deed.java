package trunkline.audit;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Implementation;
import trunkline.session.Session;
import trunkline.task.TaskKey;

/// What somebody does, from its begin to its one end, which is when it is recorded.
public final class Deed {
  /// Of which nothing is recorded.
  public static final Deed NONE = new Deed();

  private static final ScopedValue<Deed> HERE = ScopedValue.newInstance();

  private final @Nullable AuditTrail trail;
  private final AuditKind kind;
  private final byte @Nullable [] arguments;
  private final int run;
  private final long begunNanos = System.nanoTime();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile AuditRecord.Who who;
  private volatile AuditRecord.What what;
  private volatile boolean timedOut;
  private volatile @Nullable Long session;
  private volatile @Nullable Long task;

  private Deed() {
    this(
        null,
        AuditKind.OTHERS,
        new AuditRecord.Who("", ""),
        new AuditRecord.What("", "", "", null),
        null,
        1);
  }

  Deed(
      @Nullable AuditTrail trail,
      AuditKind kind,
      AuditRecord.Who who,
      AuditRecord.What what,
      byte @Nullable [] arguments,
      int run) {
    this.trail = trail;
    this.kind = kind;
    this.who = who;
    this.what = what;
    this.arguments = arguments;
    this.run = run;
  }

  /// That which the calling thread does; [#NONE] where nobody said.
  public static Deed here() {
    return HERE.isBound() ? HERE.get() : NONE;
  }

  /// Does something for which this is [#here].
  public void run(Runnable work) {
    if (trail == null) {
      work.run();
    } else {
      ScopedValue.where(HERE, this).run(work);
    }
  }

  AuditKind kind() {
    return kind;
  }

  /// It is done in a session, whose client has said what it is.
  public void in(Session living) {
    if (trail != null) {
      session = living.key().value();
      what = what.of(living.revision());
      Implementation.from(living.clientInfo()).ifPresent(client -> who = who.as(spelled(client)));
    }
  }

  static String spelled(Implementation client) {
    return (client.name() + " " + client.version()).strip();
  }

  /// It is about a task.
  public void about(TaskKey key) {
    if (trail != null) {
      task = key.value();
    }
  }

  /// It was stopped for the time that it took, which its client reads as a tool's error.
  public void timedOut() {
    timedOut = true;
  }

  /// It has ended; a second end is no more.
  ///
  /// @return false when there is to be no answer: it could not be recorded
  public boolean end(Ending ending) {
    return trail == null
        || !ended.compareAndSet(false, true)
        || trail.record(kind, record(trail, ending));
  }

  private AuditRecord record(AuditTrail to, Ending ending) {
    var now = System.nanoTime();
    return new AuditRecord(
        now,
        (now - begunNanos) / 1000,
        to.instance(),
        who,
        what,
        arguments,
        timedOut ? ending.forTime() : ending,
        run,
        1,
        session,
        task);
  }
}
