package trunkline.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What lists say about a resource or a template.
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
