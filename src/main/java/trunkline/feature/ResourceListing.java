package trunkline.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A resource's or a template's entry in a list.
///
/// @param size in bytes; templates have none
public record ResourceListing(
    String name,
    @Nullable String title,
    @Nullable String description,
    @Nullable String mimeType,
    @Nullable Long size,
    Annotations annotations,
    List<Icon> icons,
    Meta meta) {
  public ResourceListing {
    icons = List.copyOf(icons);
  }

  public ResourceListing(
      String name,
      @Nullable String title,
      @Nullable String description,
      @Nullable String mimeType,
      @Nullable Long size,
      Annotations annotations,
      List<Icon> icons) {
    this(name, title, description, mimeType, size, annotations, icons, Meta.NONE);
  }

  ResourceListing annotated(Annotations annotations) {
    return new ResourceListing(name, title, description, mimeType, size, annotations, icons, meta);
  }

  ResourceListing withMeta(Meta meta) {
    return new ResourceListing(name, title, description, mimeType, size, annotations, icons, meta);
  }
}
