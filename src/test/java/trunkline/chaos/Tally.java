package trunkline.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// How the clients' calls ended, and whatever must not happen that is no matter of delivery.
final class Tally {
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
  private final AtomicInteger faults = new AtomicInteger();

  void count(String what) {
    counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
  }

  void wrong(String what, Object... arguments) {
    wrongs.add(what.formatted(arguments));
  }

  void fault() {
    faults.incrementAndGet();
  }

  /// The faults so far: a call must not end with the error of lost instances for one alone.
  int faults() {
    return faults.get();
  }

  Map<String, Long> counts() {
    var sums = new TreeMap<String, Long>();
    counts.forEach((what, adder) -> sums.put(what, adder.sum()));
    return sums;
  }

  List<String> wrongs() {
    return new ArrayList<>(wrongs);
  }
}
