package trunkline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A process's memory, as Linux counts it; NaN elsewhere.
final class Resident {
  private Resident() {}

  static double megabytes(Worker worker) throws IOException {
    var status = Path.of("/proc/" + worker.pid() + "/status");
    if (!Files.isReadable(status)) {
      return Double.NaN;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst()
        .orElse(Double.NaN);
  }
}
