package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trunkline.store.SqlText;

/// A value of the database that becomes an `int`, `long`, `double` or `boolean` on the spot. If it
/// is null the caller gets a NullPointerException, and a sweep or a lane does so in each round. The
/// compiler does not see it, since jOOQ says of every value that it may or may not be null.
///
/// So each one is written here with the reason why it is never null; where there is none, the code
/// has to look first.
class UnboxingTest {
  private static final Path CLASSES = Path.of("target/classes");
  private static final Path TEST_CLASSES = Path.of("target/test-classes");

  private static final Map<String, Set<String>> NEVER_NULL =
      Map.of(
          "a column that is declared NOT NULL, of a row that is not the optional side of a join",
          Set.of(
              "AuditSlots: SLOT",
              "KeyDesk: ID",
              "KeyRows: KEY_ID",
              "BatchRows: CURRENT_SLOT",
              "BucketRows: TOKENS",
              "CallRows: WRITER_EPOCH",
              "HoldingRows: HOLDER_EPOCH",
              "LogPageRows: FLOOR",
              "MessageRows: CURRENT_SLOT",
              "MessageRows: TRIMMED_THROUGH",
              "SessionRows: ANNOUNCED_FROM",
              "SessionRows: STREAM",
              "StreamRows: STANDALONE",
              "StreamRows: TRIMMED_THROUGH",
              "TaskInputRows: PATIENCE_MILLIS",
              "OrphanedTaskRows: BEGUN",
              "OrphanedTaskRows: RERUNNABLE",
              "TaskRows: BEGUN",
              "TaskRows: CHANGES",
              "TaskRows: RUN",
              "TaskRows: TTL_MILLIS",
              "TallyRows: LIVING",
              "MessagesScreen: EVENT",
              "MessagesScreen: STREAM"),
          "what the statement was given: an ordinal, an epoch, a key",
          Set.of(
              "AnnouncementRows: BATCH_NO",
              "AnnouncementRows: ORD",
              "AnnouncementRows: PLACE",
              "AnnouncementRows: WRITER",
              "BucketRows: N",
              "HoldingRows: PARKED_EPOCH",
              "MessageRows: EPOCH",
              "Rights: PLACE",
              "MessageRows: PLACE",
              "OpeningRows: ORD",
              "SessionRows: ORD",
              "SlotRows: ORD",
              "UrlElicitationRows: ORD"),
          "a count, coalesce, EXISTS, IS NULL, or an expression of columns that are declared NOT NULL",
          Set.of(
              "InstanceScreen: CALLS",
              "InstanceScreen: STREAMS",
              "MessagesScreen: BYTES",
              "MessagesScreen: DELIVERED",
              "StoryRows: COUNT",
              "AuditSlots: DUE",
              "AuditSlots: LOST",
              "BucketRows: GRANTED",
              "AnnouncementRows: TRIMMED",
              "CallRows: CANCELLED",
              "GlanceRows: BATON",
              "GlanceRows: NEWEST",
              "GlanceRows: OUTBOX",
              "GlanceRows: SLOT",
              "GlanceRows: STREAMS",
              "GlanceRows: TASKS",
              "GlanceRows: UNTOLD",
              "HoldingRows: FOUND",
              "PendingRows: HAS_OLD",
              "PendingRows: HAS_OVERDUE",
              "UnusedSessionRows: HAS_OLD",
              "UnusedSessionRows: HAS_UNUSED",
              "UnusedSessionRows: LIVING",
              "HearingRows: DEAF",
              "HearingRows: HIGH",
              "HearingRows: NEWEST",
              "InstanceRows: EXPIRED",
              "InstanceRows: GONE",
              "LogPageRows: NEWEST",
              "MessageRows: FINISHED",
              "MessageRows: WAITING_MILLIS",
              "SchemaFound: CREATABLE",
              "SchemaFound: HISTORY",
              "SchemaFound: OURS",
              "SchemaFound: READABLE",
              "SchemaFound: READ_ONLY",
              "SchemaFound: STANDBY",
              "SchemaFound: USABLE",
              "SessionRows: SECONDS_LEFT",
              "SlotRows: LOCKED",
              "SlotRows: NEWEST",
              "SlotRows: SLOT",
              "StoreOutcome: FREE",
              "StoreOutcome: LIVES",
              "StreamRows: FINISHED",
              "StreamRows: POSITION_ANNOUNCEMENT",
              "StreamRows: POSITION_OWN",
              "StreamRows: FORMER_EPOCH",
              "StreamRows: FORMER_SETTLED",
              "StreamRows: HOLDER_EPOCH",
              "StreamRows: POSITION_SETTLED",
              "OrphanedTaskRows: AGAIN",
              "TaskRows: IS_UNFINISHED"),
          "another column of the row is looked at first, or a condition of the statement says so",
          Set.of(
              "AuditSlots: OPEN",
              "LimitRows: BURST",
              "LimitRows: SECONDS",
              "CallRows: RUNS",
              "LogPageRows: CONCERNS",
              "LogPageRows: FOUND",
              "MessageRows: AGE_MICROS",
              "PendingRows: PROGRESS",
              "OpeningRows: ANNOUNCED_FROM",
              "OpeningRows: STREAM",
              "StreamRows: ANNOUNCEMENT",
              "StreamRows: OWN"),
          "each way through the function sets it",
          Set.of(
              "ControlRows: getBase",
              "ControlRows: getRaised",
              "ControlRows: getRestored",
              "ControlRows: getRestores",
              "ControlRows: STOPS",
              "InstanceRows: DRAIN_WANTED",
              "InstanceRows: TIMELINE",
              "OutboxRows: getDropped",
              "OutboxRows: getMoved",
              "SessionRows: getEnded",
              "SessionRows: getLiving",
              "SlotRows: getSlot"),
          "a setting that every server has",
          Set.of(
              "DatabaseFacts: IDLE_IN_TRANSACTION",
              "DatabaseFacts: LOCK_TIMEOUT",
              "DatabaseFacts: STANDBY",
              "DatabaseFacts: STATEMENT_TIMEOUT",
              "DatabaseFacts: VERSION_NUMBER"));

  @Test
  void no_null_is_unboxed() throws IOException {
    var found = new TreeSet<String>();
    try (Stream<Path> classes = Files.walk(CLASSES.resolve("trunkline"))) {
      classes
          .filter(file -> file.toString().endsWith(".class"))
          .forEach(file -> found.addAll(unboxed(file)));
    }

    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            NEVER_NULL.values().stream().flatMap(Set::stream).toList());
  }

  @Test
  void what_is_unboxed_is_found() {
    assertThat(unboxed(TEST_CLASSES.resolve("trunkline/architecture/UnboxingTest$Planted.class")))
        .containsExactly("UnboxingTest$Planted: HELD");
  }

  @SuppressWarnings("unused")
  private static final class Planted {
    private static final Field<Long> HELD = SqlText.column("held", SQLDataType.BIGINT);

    long unboxes(Record row) {
      return row.get(HELD);
    }

    @Nullable Long looks(Record row) {
      return row.get(HELD);
    }
  }

  private static List<String> unboxed(Path file) {
    try {
      var type = ClassFile.of().parse(file);
      var name = simple(type.thisClass().asInternalName());
      return type.methods().stream()
          .flatMap(method -> method.code().stream())
          .flatMap(code -> unboxed(code).stream())
          .map(value -> name + ": " + value)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The columns that are read, cast and unboxed, one instruction after the other; and results of
  /// functions.
  private static List<String> unboxed(CodeModel code) {
    var found = new ArrayList<String>();
    var steps =
        code.elementStream()
            .filter(Instruction.class::isInstance)
            .map(Instruction.class::cast)
            .toList();
    var column = "";
    for (var i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof FieldInstruction field) {
        column = field.name().stringValue();
      }
      if (steps.get(i) instanceof InvokeInstruction call && i > 0 && unboxes(call)) {
        var before = steps.get(i - 1) instanceof TypeCheckInstruction ? i - 2 : i - 1;
        if (before >= 0 && steps.get(before) instanceof InvokeInstruction read) {
          if (isRecord(read)) {
            found.add(column);
          } else if (read.owner().asInternalName().endsWith("Routine")) {
            found.add(read.name().stringValue());
          }
        }
      }
    }
    return found;
  }

  private static boolean unboxes(InvokeInstruction call) {
    return call.owner().asInternalName().startsWith("java/lang/")
        && call.name().stringValue().matches("(int|long|double|boolean|short)Value");
  }

  private static boolean isRecord(InvokeInstruction read) {
    return read.owner().asInternalName().matches("org/jooq/Record\\d*")
        && read.name().stringValue().matches("get|value\\d+");
  }

  private static String simple(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1);
  }
}
