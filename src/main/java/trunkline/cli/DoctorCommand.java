package trunkline.cli;

import java.io.PrintStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import trunkline.DatabaseAccess;
import trunkline.config.DatabaseChoice;
import trunkline.doctor.Doctor;
import trunkline.doctor.Finding;
import trunkline.doctor.Report;
import trunkline.doctor.Verdict;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.LogText;

/// `./trunkline doctor`: what is wrong with the database and the cluster, and what to do.
final class DoctorCommand {
  private static final int WELL = 0;
  private static final int TO_ACT_ON = 1;
  private static final int NOT_LOOKED = 2;

  private static final JsonMapper JSON = new JsonMapper();

  private DoctorCommand() {}

  static int run(DatabaseChoice choice, boolean json, PrintStream out) {
    return print(report(choice), json, out);
  }

  private static Report report(DatabaseChoice choice) {
    try (var access = DatabaseAccess.openExisting(choice)) {
      return Doctor.examine(access.connections());
    } catch (DatabaseUnavailable e) {
      return Report.unreached(String.valueOf(e.getMessage()));
    }
  }

  static int print(Report report, boolean json, PrintStream out) {
    out.print(json ? json(report) + "\n" : table(report));
    if (!report.looked()) {
      return NOT_LOOKED;
    }
    return report.worst().calls() ? TO_ACT_ON : WELL;
  }

  private static ObjectNode json(Report report) {
    var answer = JSON.createObjectNode();
    answer.put("looked", report.looked());
    answer.put("worst", report.worst().word());
    var findings = answer.putArray("findings");
    for (var finding : report.findings()) {
      findings
          .addObject()
          .put("check", finding.check())
          .put("verdict", finding.verdict().word())
          .put("found", finding.found())
          .put("remedy", finding.remedy());
    }
    return answer;
  }

  private static String table(Report report) {
    var width = report.findings().stream().mapToInt(each -> each.check().length()).max().orElse(0);
    var text = new StringBuilder();
    for (var finding : report.findings()) {
      text.append(row(finding, width));
    }
    return text.append('\n').append(summary(report)).append('\n').toString();
  }

  /// What was found may quote what others wrote: queries, URLs, names.
  private static String row(Finding finding, int width) {
    var line = "%-7s  %-" + width + "s  %s%n";
    var row =
        line.formatted(finding.verdict().word(), finding.check(), LogText.line(finding.found()));
    return finding.remedy().isEmpty()
        ? row
        : row + line.formatted("", "", "→ " + LogText.escaped(finding.remedy()));
  }

  private static String summary(Report report) {
    var counts =
        Stream.of(Verdict.FAULT, Verdict.WARNING, Verdict.NOTE)
            .filter(verdict -> report.count(verdict) > 0)
            .map(verdict -> counted(report.count(verdict), verdict.word()))
            .collect(Collectors.joining(", "));
    var rest = report.looked() ? "" : "; not everything could be looked at";
    return (counts.isEmpty() ? "All is well." : counts + rest + ".");
  }

  private static String counted(long number, String word) {
    return number + " " + word + (number == 1 ? "" : "s");
  }
}
