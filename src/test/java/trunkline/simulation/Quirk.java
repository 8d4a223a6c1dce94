package trunkline.simulation;

/// A deliberate fault of the tables, each a rule of the delivery core left out.
public enum Quirk {
  /// Numbers are drawn before the row's lock is had.
  IDS_BEFORE_THE_LOCK,
  /// The same of announcements.
  ANNOUNCED_BEFORE_THE_LOCK,
  /// A session that was looked up once is never looked up again.
  SESSION_KEPT,
  /// A read does not compare the holder's epoch.
  READ_WITHOUT_EPOCH,
  /// The word of a holder counts, whoever has begun after it.
  RELEASE_WITHOUT_EPOCH,
  /// A publish does not compare the writer's epoch.
  PUBLISH_WITHOUT_EPOCH,
  /// A take-over leaves the writer's epoch as it is.
  TAKE_OVER_WITHOUT_EPOCH,
  /// A batch that is looked for and not found may still be stored later.
  SETTLE_WITHOUT_TAKING_THE_KEY,
  /// A claim keeps the epoch.
  CLAIM_WITHOUT_EPOCH,
  /// A slot is emptied whose floors were not raised.
  TRUNCATE_WITHOUT_FLOOR,
  /// A promoted standby draws numbers that were drawn before.
  TIMELINE_FORGOTTEN,
  /// A promoted standby gives epochs of holders again.
  EPOCHS_OF_THE_PAST,
  /// A promoted standby gives epochs of writers again.
  WRITERS_OF_THE_PAST,
  /// A call's stream is opened without a look at its session.
  OPEN_WITHOUT_SESSION,
  /// A call's run is not counted.
  RUNS_UNCOUNTED
}
