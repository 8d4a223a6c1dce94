package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import trunkline.architecture.StatementNames;
import trunkline.scenario.StatementWalk.Step;
import trunkline.testing.StatementFault;
import trunkline.testing.StatementFault.AnswerHeld;
import trunkline.testing.StatementFault.AnswerLost;
import trunkline.testing.StatementFault.Refused;
import trunkline.testing.StatementFault.Stalled;

/// Goal: whatever happens to a single statement, no client notices more than a delay. Method: every
/// named statement of the product × a lost answer and one other fault (they take turns), while a
/// small workload runs that executes the statement; then the history is judged, the cluster must be
/// well, and nothing may be left.
///
/// `-Dtrunkline.walk=streams` walks only statements whose names match,
/// `-Dtrunkline.walk.faults=all` with every fault, `-Dtrunkline.walk.booths=8` in so many clusters
/// side by side.
@Tag("cluster")
class StatementFaultsTest {
  private static final Path TABLE = Path.of("target", "statement-faults.md");

  private static final String REFUSED_ROW =
      "only where a row of a sweep is refused (OneBadRowTest)";

  private static final String OVERDUE =
      "only where a page has questions that are overdue or old (OneBadRowTest, DueRows)";

  private static final String REMEMBERING =
      "only where requests come often enough (RememberedSessionsAcrossInstancesTest)";
  private static final String LENT = "only on connections of an embedding program (EmbeddingTest)";

  private static final String WITH_KEYS = "only where keys are taken (KeyFaultsTest)";

  /// What no errand makes the product execute, and why.
  private static final Map<String, String> NOT_WALKED =
      Map.ofEntries(
          Map.entry(
              "announcements.concerning",
              "for a session that missed more announcements than an instance keeps in memory"),
          Map.entry(
              "instances.observe", "only where the look around fails by itself (LookAroundTest)"),
          Map.entry("pending_requests.overdue", REFUSED_ROW),
          Map.entry("pending_requests.close", OVERDUE),
          Map.entry("pending_requests.remove", OVERDUE),
          Map.entry(
              "pg_class.others",
              "only where a migration is refused for want of a right (MigrationsTest)"),
          Map.entry("baton.pass", "only where a sweep fails at one instance (BatonTest)"),
          Map.entry(
              "sessions.living",
              "only where there are as many sessions as there may be (SessionLimitsAcrossInstancesTest)"),
          Map.entry(
              "sessions.idle",
              "only where there are as many sessions as there may be (SessionLimitsAcrossInstancesTest)"),
          Map.entry("pg_settings.lent", LENT),
          Map.entry("pg_settings.restore", LENT),
          Map.entry("rate_buckets.lease", "only where rates are set (RatesAcrossInstancesTest)"),
          Map.entry(
              "sessions.of_principals",
              "only where a switch is one principal's (CatalogSwitchesTest, AccessAcrossInstancesTest)"),
          Map.entry("streams.lost", REFUSED_ROW),
          Map.entry("streams.orphaned", REFUSED_ROW),
          Map.entry("tasks.orphaned", REFUSED_ROW),
          Map.entry(
              "sessions.lasted",
              "only where OpenTelemetry's metrics are wanted (TracesAcrossInstancesTest)"),
          Map.entry("api_keys.find", WITH_KEYS),
          Map.entry("api_keys.touch", WITH_KEYS),
          Map.entry(
              "audit_key.read",
              "only where requests are recorded (AuditFaultsTest, AuditRowsTest)"),
          Map.entry(
              "audit_records.write",
              "only where requests are recorded (AuditFaultsTest, AuditRowsTest)"),
          Map.entry(
              "audit_writers.enlist",
              "only where requests are recorded (AuditFaultsTest, AuditRowsTest)"));

  /// What comes only when two things meet by chance, and which.
  private static final Map<String, String> BY_CHANCE =
      Map.of(
          "streams.is_finished",
          "a connection that another replaced is rung for news, and its call has just ended",
          "instances.join_hearers",
          REMEMBERING,
          "instances.hear",
          REMEMBERING,
          "instances.listen",
          REMEMBERING);

  /// Statements of commands that an operator types; no instance executes them.
  private static final Pattern OPERATORS = Pattern.compile("(?:console|doctor|status|key)\\..*");

  private static final Map<String, StatementFault> FAULTS = faults();

  private static final List<String> MAIN = List.of("lost");

  private static Map<String, StatementFault> faults() {
    var faults = new LinkedHashMap<String, StatementFault>();
    faults.put("lost", new AnswerLost());
    faults.put("stalled", new Stalled(Duration.ofSeconds(4)));
    faults.put("held", new AnswerHeld(Duration.ofSeconds(4)));
    for (var state :
        List.of("55P03", "25006", "57014", "40P01", "57P01", "53100", "58030", "XX000")) {
      faults.put(state, new Refused(state));
    }
    return Collections.unmodifiableMap(faults);
  }

  @TestFactory
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  Stream<DynamicTest> every_statement_survives_every_fault() throws Exception {
    var known = StatementNames.ofTheProduct();
    known.removeIf(OPERATORS.asMatchPredicate());
    var learned = StatementWalk.learn(EnumSet.allOf(Errand.class));
    var walked = new TreeSet<>(learned.keySet());
    walked.retainAll(known);
    walked.removeAll(BY_CHANCE.keySet());
    var unwalked = new TreeSet<>(known);
    unwalked.removeAll(walked);

    var steps = steps(learned, walked);
    var outcomes = new StatementWalk(Integer.getInteger("trunkline.walk.booths", 6)).walk(steps);
    write(StatementWalk.table(outcomes, names()));
    return Stream.concat(
        Stream.of(
            DynamicTest.dynamicTest(
                "what is not walked is listed",
                () ->
                    assertThat(unwalked)
                        .as("statements that no errand executes")
                        .containsExactlyElementsOf(listed()))),
        outcomes.stream()
            .sorted(Comparator.comparing(outcome -> outcome.step().toString()))
            .map(outcome ->
                DynamicTest.dynamicTest(
                    outcome.step().toString(),
                    () -> assertThat(outcome.wrong()).as(outcome.step().toString()).isEmpty())));
  }

  private static Set<String> listed() {
    var listed = new TreeSet<>(NOT_WALKED.keySet());
    listed.addAll(BY_CHANCE.keySet());
    return listed;
  }

  private static List<String> names() {
    return List.copyOf(FAULTS.keySet());
  }

  private static List<Step> steps(Map<String, List<Errand>> errands, Set<String> statements) {
    var only = Pattern.compile(System.getProperty("trunkline.walk", ""));
    var chosen = System.getProperty("trunkline.walk.faults", "");
    var rest = new ArrayList<>(FAULTS.keySet());
    rest.removeAll(MAIN);
    var steps = new ArrayList<Step>();
    var turn = 0;
    for (var statement : statements) {
      var faults = new ArrayList<>(MAIN);
      faults.add(rest.get(turn++ % rest.size())); // the others take turns
      if (chosen.equals("all")) {
        faults = new ArrayList<>(FAULTS.keySet());
      } else if (!chosen.isEmpty()) {
        faults = new ArrayList<>(List.of(chosen.split(",")));
      }
      if (only.matcher(statement).find()) {
        for (var fault : faults) {
          steps.add(
              new Step(
                  statement,
                  errands.getOrDefault(statement, List.of()),
                  fault,
                  Objects.requireNonNull(FAULTS.get(fault))));
        }
      }
    }
    Collections.shuffle(steps, new Random(1)); // so that the stalls do not come all at once
    return steps;
  }

  private static void write(String table) throws IOException {
    Files.createDirectories(TABLE.getParent());
    Files.writeString(TABLE, table);
  }
}
