package trunkline.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a row's rounds gave.
///
/// @param failure why there is no figure; empty when there is
record Result(Row row, List<Round> rounds, String failure) {
  Result {
    rounds = List.copyOf(rounds);
  }

  boolean isFailed() {
    return !failure.isEmpty();
  }

  double floor() {
    return Samples.median(rounds.stream().mapToDouble(Round::floor).toArray());
  }

  double product() {
    return Samples.median(rounds.stream().mapToDouble(Round::product).toArray());
  }

  /// The median of the rounds' ratios, or of the figures where there is no floor.
  double judged() {
    return Samples.median(judgements());
  }

  double least() {
    return Arrays.stream(judgements()).min().orElse(Double.NaN);
  }

  double most() {
    return Arrays.stream(judgements()).max().orElse(Double.NaN);
  }

  private double[] judgements() {
    return rounds.stream().mapToDouble(Round::judged).toArray();
  }

  boolean isMet() {
    return !isFailed() && row.target().isMetBy(judged());
  }

  /// Medians of the further figures.
  Map<String, Double> notes() {
    var notes = new LinkedHashMap<String, Double>();
    for (var round : rounds) {
      for (var what : round.notes().keySet()) {
        notes.computeIfAbsent(
            what,
            _ ->
                Samples.median(
                    rounds.stream()
                        .mapToDouble(each -> each.notes().getOrDefault(what, Double.NaN))
                        .toArray()));
      }
    }
    return notes;
  }
}
