package trunkline.architecture;

import java.util.List;
import java.util.stream.Stream;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.LambdaConverter;

/// The columns and parameters that come out as types of ours.
///
/// A package's code may name types of its own and of packages below it; so each names what it
/// needs, and jOOQ takes the first that fits.
final class GeneratedTypes {
  private static final String WAKE_MODE = "trunkline.signal.WakeMode";
  private static final String INSTANCE = "trunkline.signal.InstanceId";
  private static final String INSTANCE_STATE = "trunkline.cluster.InstanceState";
  private static final String SESSION_KEY = "trunkline.session.SessionKey";
  private static final String SESSION_ID = "trunkline.session.SessionId";
  private static final String STREAM = "trunkline.session.StreamId";
  private static final String CALL = "trunkline.session.CallId";
  private static final String PENDING = "trunkline.session.PendingId";
  private static final String QUESTION_OUTCOME = "trunkline.exchange.QuestionOutcome";
  private static final String FEATURE_KIND = "trunkline.feature.FeatureKind";
  private static final String TASK_INPUT = "trunkline.exchange.TaskInputId";
  private static final String TASK_KEY = "trunkline.task.TaskKey";
  private static final String TASK_ID = "trunkline.task.TaskId";
  private static final String TASK_STATUS = "trunkline.task.TaskStatus";

  private static final String INSTANCES =
      "(instances|instance_directory|instance_minutes|stream_directory|baton)\\.instance_id"
          + "|(declare_dead|drain|undrain|migrate)\\.instance"
          + "|.*\\.(holder_instance|reader_instance|writer_instance|to_instance|asker|answered_by|executor|told_by)";
  private static final String SESSIONS = ".*\\.(session_key|p_session)";

  private GeneratedTypes() {}

  static List<ForcedType> of(GeneratedPackage owner) {
    return Stream.concat(
            switch (owner.name()) {
              case "cluster" ->
                  Stream.of(
                      id(INSTANCE, INSTANCES),
                      word(WAKE_MODE, "word", ".*\\.wake_mode"),
                      word(INSTANCE_STATE, "word", "instance_directory\\.state"));
              case "session" ->
                  Stream.of(
                      id(SESSION_KEY, SESSIONS),
                      id(SESSION_ID, ".*\\.(session_id|p_id)"),
                      id(STREAM, ".*\\.stream_id"));
              case "stream", "call" ->
                  Stream.of(
                      id(INSTANCE, INSTANCES),
                      id(SESSION_KEY, SESSIONS),
                      id(SESSION_ID, "stream_directory\\.session_id"),
                      id(STREAM, ".*\\.stream_id"),
                      id(CALL, ".*\\.call_id"));
              case "exchange" ->
                  Stream.of(
                      id(INSTANCE, INSTANCES),
                      id(SESSION_KEY, SESSIONS),
                      id(STREAM, ".*\\.stream_id"),
                      id(PENDING, ".*\\.pending_id"),
                      id(TASK_INPUT, ".*\\.task_input"),
                      word(QUESTION_OUTCOME, "text", "pending_requests\\.outcome"));
              case "history" -> Stream.of(id(INSTANCE, INSTANCES));
              case "catalog" ->
                  Stream.of(
                      word(
                          FEATURE_KIND,
                          "word",
                          "(catalog_switches|principal_switches|set_enabled)\\.kind"));
              case "task" ->
                  Stream.of(
                      id(INSTANCE, INSTANCES),
                      id(STREAM, ".*\\.stream_id"),
                      id(SESSION_ID, ".*\\.session_id"),
                      id(TASK_ID, ".*\\.task_id"),
                      id(TASK_KEY, ".*\\.task_key"),
                      id(TASK_INPUT, "task_inputs\\.input_id"),
                      word(TASK_STATUS, "wire", "tasks\\.status"));
              default -> Stream.of();
            },
            everywhere())
        .map(type -> type.withIgnoreUnused(true))
        .toList();
  }

  private static Stream<ForcedType> everywhere() {
    return Stream.of(
        new ForcedType()
            .withUserType("trunkline.signal.Wakes")
            .withBinding("trunkline.signal.WakesBinding")
            .withIncludeExpression(".*\\.wakes"),
        new ForcedType()
            .withName("INSTANT")
            .withIncludeTypes("timestamp.with.time.zone.*|timestamptz.*"),
        new ForcedType().withName("INTEGER").withIncludeTypes("smallint|int2"),
        new ForcedType()
            .withUserType("java.time.Duration")
            .withLambdaConverter(
                new LambdaConverter()
                    .withFrom("org.jooq.types.YearToSecond::toDuration")
                    .withTo("org.jooq.types.YearToSecond::valueOf"))
            .withIncludeTypes("interval.*"));
  }

  /// A record of one number or text.
  private static ForcedType id(String type, String columns) {
    return type(type, type + "::new", type + "::value", columns);
  }

  /// An enumeration that knows its spelling in a row.
  private static ForcedType word(String type, String spelling, String columns) {
    return type(type, type + "::of", type + "::" + spelling, columns);
  }

  private static ForcedType type(String type, String from, String to, String columns) {
    return new ForcedType()
        .withUserType(type)
        .withLambdaConverter(new LambdaConverter().withFrom(from).withTo(to))
        .withIncludeExpression("trunkline\\.(" + columns + ")");
  }
}
