package trunkline.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// How the clients' calls ended, and whatever must not happen that is no matter of delivery.
final class Tally {
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();

  void count(String what) {
    counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
  }

  void wrong(String what) {
    wrongs.add(what);
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
