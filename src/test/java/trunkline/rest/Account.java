package trunkline.rest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What was executed, by statement.
public final class Account {
  private final Collection<Executed> executed = new ConcurrentLinkedQueue<>();

  public void hear(String notice) {
    Executed.of(notice)
        .ifPresent(one -> {
          synchronized (this) {
            executed.add(one);
            notifyAll();
          }
        });
  }

  /// Waits until each of the statements was executed once.
  ///
  /// @return those that were not, in that time
  synchronized Set<String> await(Collection<String> names, Duration patience)
      throws InterruptedException {
    var until = System.nanoTime() + patience.toNanos();
    var left = missing(names);
    while (!left.isEmpty() && until - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
      left = missing(names);
    }
    return left;
  }

  private Set<String> missing(Collection<String> names) {
    var left = new TreeSet<>(names);
    left.removeAll(byName().keySet());
    return left;
  }

  public void clear() {
    executed.clear();
  }

  public Stream<Executed> executed() {
    return executed.stream();
  }

  public Map<String, List<Executed>> byName() {
    var all = new TreeMap<String, List<Executed>>();
    executed.forEach(one -> all.computeIfAbsent(one.name(), _ -> new ArrayList<>()).add(one));
    return all;
  }

  /// A row a statement, the dearest first.
  public String table(double seconds) {
    var lines = new ArrayList<Line>();
    byName().forEach((name, all) -> lines.add(Line.of(name, all, seconds)));
    lines.sort(Comparator.comparingDouble(Line::load).reversed());
    var text =
        new StringBuilder(
            """
            | statement | a second | mean ms | most ms | of a core | rows read | blocks | plan |
            |---|---|---|---|---|---|---|---|
            """);
    lines.forEach(line -> text.append(line.text()).append('\n'));
    return text.toString();
  }

  private record Line(
      String name,
      boolean nested,
      double rate,
      double mean,
      double most,
      long rows,
      long blocks,
      String plan) {
    static Line of(String name, List<Executed> all, double seconds) {
      var millis = all.stream().mapToDouble(Executed::millis).summaryStatistics();
      var dearest = all.stream().max(Comparator.comparingLong(Executed::rows)).orElseThrow();
      return new Line(
          name,
          dearest.nested(),
          all.size() / seconds,
          millis.getAverage(),
          millis.getMax(),
          dearest.rows(),
          all.stream().mapToLong(Executed::blocks).max().orElse(0),
          dearest.plan());
    }

    /// Of a core; what runs inside another is counted there.
    double load() {
      return rate * mean / 1000;
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "| %s%s | %.2f | %.3f | %.1f | %.2f %% | %d | %d | %s |",
          nested ? "↳ " : "",
          name,
          rate,
          mean,
          most,
          100 * load(),
          rows,
          blocks,
          plan.length() > 200 ? plan.substring(0, 200) : plan);
    }
  }
}
