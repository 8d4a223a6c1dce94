package trunkline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.telemetry.MeterCases.Change;
import trunkline.telemetry.Meters.Watched;

/// Goal: no meter stands still while its truth moves, and none comes without a case. Method: the
/// events of [MeterCases], each twice, and the values that are read on each scrape.
class MeterWalkTest {
  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+(?:\\{[^}]*})?) (\\S+)$");

  private final Meters meters = new Meters();

  private static Stream<Change> changes() {
    return MeterCases.CHANGES.stream();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void a_meter_follows_its_event(Change change) {
    assertThat(value(change.meter())).isZero();

    meters.emit(change.event());
    assertThat(value(change.meter())).isEqualTo(change.once());

    meters.emit(change.again());
    assertThat(value(change.meter())).isEqualTo(change.twice());
  }

  @ParameterizedTest
  @EnumSource(Watched.class)
  void a_watched_value_goes_up_and_down(Watched watched) {
    var truth = new AtomicReference<>(0.0);
    var before = samples().keySet();
    meters.watch(watched, truth::get);
    var added = new TreeSet<>(samples().keySet());
    added.removeAll(before);
    assertThat(added).hasSize(1);

    for (var now : List.of(3.0, 7.5, 0.0)) {
      truth.set(now);
      assertThat(value(added.first())).isEqualTo(now);
    }
  }

  /// A new meter comes with an event or as a watched value; either fails here without a case.
  @Test
  void every_meter_has_its_case() {
    changes().forEach(change -> meters.emit(change.event()));

    assertThat(samples().keySet().stream().map(MeterWalkTest::family).collect(Collectors.toSet()))
        .isEqualTo(changes().map(change -> family(change.meter())).collect(Collectors.toSet()));
  }

  @Test
  void every_event_has_its_case_or_is_only_logged() {
    var counted =
        changes().map(change -> (Class<?>) change.event().getClass()).collect(Collectors.toSet());
    var all = new TreeSet<String>();
    events(ServerEvent.class).forEach(event -> all.add(event.getSimpleName()));
    var cased = new TreeSet<>(MeterCases.ONLY_LOGGED);
    counted.forEach(event -> cased.add(event.getSimpleName()));

    assertThat(cased).isEqualTo(all);
  }

  private static Stream<Class<?>> events(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Stream.of(type.getPermittedSubclasses()).flatMap(MeterWalkTest::events);
  }

  /// The name without what a histogram appends to it.
  private static String family(String sample) {
    return sample.replaceAll("\\{.*", "").replaceAll("_(bucket|count|sum|max)$", "");
  }

  private double value(String sample) {
    return samples().getOrDefault(sample, 0.0);
  }

  private Map<String, Double> samples() {
    var found = new TreeMap<String, Double>();
    SAMPLE
        .matcher(meters.scrape().orElseThrow())
        .results()
        .forEach(line -> found.put(line.group(1), Double.valueOf(line.group(2))));
    return found;
  }
}
