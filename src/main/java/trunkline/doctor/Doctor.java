package trunkline.doctor;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import trunkline.store.Connections;
import trunkline.store.DatabaseFailure;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.RightMissing;

/// Looks at everything once.
public final class Doctor {
  /// The check that tells whether there is a schema of ours at all.
  private static final Check SCHEMA = new Check("schema", false, SchemaVersion::look);

  private static final List<Check> OTHERS =
      List.of(
          new Check("server minor", false, ServerMinor::look),
          new Check("settings", false, Inspection::traits),
          new Check("pooler", false, PoolerSettings::look),
          new Check("wake path", false, new WakePath(Duration.ofSeconds(2))::look),
          new Check("clock", false, new ClockOffset(Clock.systemUTC())::look),
          new Check("descriptors", false, new Descriptors(Descriptors::ofThisProcess)::look),
          new Check("rights", true, RoleRights::look),
          new Check("functions", true, FunctionPaths::look),
          new Check("rows", true, Inspection::damages),
          new Check("instances", true, LivingInstances::look),
          new Check("connections", true, ConnectionBudget::look),
          new Check("slots", true, new BlockedSlots(Duration.ofSeconds(10))::look),
          new Check("slot age", true, SlotAge::look),
          new Check("audit", true, AuditSlots::look),
          new Check("vacuum", false, new OldSnapshots(Duration.ofMinutes(10))::look),
          new Check("outbox", true, new WaitingOutbox(Duration.ofSeconds(10))::look));

  private Doctor() {}

  /// Looks, in bounded time, and changes nothing. Whatever goes wrong is a finding.
  public static Report examine(Connections connections) {
    try (var patient = new Patient(connections)) {
      return examine(patient, SCHEMA, OTHERS);
    } catch (DatabaseUnavailable e) {
      return Report.unreached(String.valueOf(e.getMessage()));
    }
  }

  static Report examine(Patient patient, Check schema, List<Check> others) {
    var findings = new ArrayList<Finding>();
    try {
      var looked = look(schema, patient, findings);
      var hasSchema = findings.stream().noneMatch(each -> each.verdict() == Verdict.FAULT);
      for (var check : others) {
        if (hasSchema || !check.needsSchema()) {
          looked &= look(check, patient, findings);
        }
      }
      return new Report(looked, findings);
    } catch (DatabaseUnavailable e) {
      findings.add(
          Finding.fault(
              "database",
              String.valueOf(e.getMessage()),
              "the checks after this one were not made; look again"));
      return new Report(false, findings);
    }
  }

  /// @return whether it could be made
  private static boolean look(Check check, Patient patient, List<Finding> findings) {
    try {
      findings.addAll(check.look().at(patient));
      return true;
    } catch (RightMissing e) {
      findings.add(Finding.note(check.name(), "not looked at: " + e.getMessage(), ""));
    } catch (DatabaseUnavailable e) {
      throw e;
    } catch (DatabaseFailure e) {
      findings.add(Finding.warning(check.name(), "not looked at: " + e.getMessage(), ""));
    }
    return false;
  }
}
