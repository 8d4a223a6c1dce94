package trunkline.feature;

import java.util.Set;

/// The features that are off at one moment; all others are on.
public record Switches(Set<Key> off) {
  /// The feature that a row names.
  public record Key(FeatureKind kind, String name) {}

  public static final Switches ALL_ON = new Switches(Set.of());

  public Switches {
    off = Set.copyOf(off);
  }

  public boolean isOn(Feature feature) {
    return off.isEmpty() || !off.contains(new Key(feature.kind(), feature.key()));
  }
}
