package trunkline.feature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The features of one kind, in the order of registration.
final class FeatureList<F extends Feature> {
  private final FeatureKind kind;
  private final List<F> features;
  private final Map<String, Integer> positions = new LinkedHashMap<>();
  private final int pageSize;

  FeatureList(FeatureKind kind, List<F> features, int pageSize) {
    this.kind = kind;
    this.features = List.copyOf(features);
    this.pageSize = pageSize;
    for (var feature : this.features) {
      if (positions.putIfAbsent(feature.key(), positions.size()) != null) {
        throw new IllegalArgumentException(
            "two features of kind " + kind.word() + " are called " + feature.key());
      }
    }
  }

  List<F> all() {
    return features;
  }

  Optional<F> find(Predicate<? super F> shown, String key) {
    return Optional.ofNullable(positions.get(key)).map(features::get).filter(shown);
  }

  /// A cursor counts in the order of all features, so what is shown or hidden between two pages
  /// neither skips nor repeats the others.
  Page<F> page(Predicate<? super F> shown, @Nullable String cursor) {
    List<F> page = new ArrayList<>();
    for (var i = start(cursor); i < features.size(); i++) {
      var feature = features.get(i);
      if (shown.test(feature)) {
        if (page.size() == pageSize) {
          return new Page<>(page, Optional.of(new Cursor(kind, page.getLast().key()).encoded()));
        }
        page.add(feature);
      }
    }
    return new Page<>(page, Optional.empty());
  }

  private int start(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return 0;
    }
    return 1
        + Cursor.decode(kind, cursor)
            .map(Cursor::after)
            .map(positions::get)
            .orElseThrow(CursorUnknown::new);
  }
}
