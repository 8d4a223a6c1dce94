package trunkline.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A resource's or a template's entry in a list.
public record ResourceListing(
    String name,
    @Nullable String title,
    @Nullable String description,
    @Nullable String mimeType,
    @Nullable Long size,
    Annotations annotations,
    List<Icon> icons) {
  public ResourceListing {
    icons = List.copyOf(icons);
  }
}
