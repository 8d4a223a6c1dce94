package trunkline.announcement;

import java.util.List;
import java.util.Set;
import trunkline.announcement.SimulatedAnnouncements.Append;
import trunkline.announcement.SimulatedAnnouncements.Line;
import trunkline.simulation.DirectWire;
import trunkline.simulation.MemoryDatabase;

class MemoryLogTest extends LogContract {
  MemoryLogTest() {
    super(new Bench());
  }

  private static final class Bench implements LogBench {
    private final MemoryDatabase database =
        new MemoryDatabase(new DirectWire(), System::nanoTime, Set.of(), _ -> {});
    private long number;

    @Override
    public LogReader.Log log() {
      return new MemoryLog(database);
    }

    @Override
    public long announce(String text) {
      return append(new Line(text, 1, ++number));
    }

    @Override
    public long announceTwice(String text) {
      var line = new Line(text, 1, ++number);
      append(line);
      return append(line);
    }

    private long append(Line line) {
      return database.run(new Append(database, List.of(line))).getFirst();
    }

    @Override
    public void close() {}
  }
}
