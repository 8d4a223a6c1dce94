package trunkline.console;

import java.time.Duration;
import trunkline.doctor.Doctor;
import trunkline.doctor.Report;
import trunkline.http.Pages.Visit;

/// What `./trunkline doctor` would say. It takes a second or two, so it is looked at once in half a
/// minute; what it could not see, it looks for again.
final class DoctorScreen {
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final ConsoleLine line;
  private final Shared<Report> shared = new Shared<>(FRESH, Report::looked);

  DoctorScreen(ConsoleLine line) {
    this.line = line;
  }

  Shown show(Visit visit) throws InterruptedException {
    var report = shared.now(_ -> line.look(Doctor::examine));
    return Shown.filled("Doctor", "doctor.jte", report);
  }
}
