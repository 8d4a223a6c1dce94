package trunkline.feature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Describes a resource or a template step by step; its reader finishes it.
public final class ResourceBuilder<F> {
  private final Finisher<F> finisher;
  private final Map<String, Completer> completers = new LinkedHashMap<>();
  private final List<Icon> icons = new ArrayList<>();
  private String name;
  private @Nullable String title;
  private @Nullable String description;
  private @Nullable String mimeType;
  private @Nullable Long size;
  private Annotations annotations = Annotations.NONE;
  private Meta meta = Meta.NONE;
  private Access access = Access.OPEN;
  private @Nullable ObjectNode view;

  ResourceBuilder(String name, Finisher<F> finisher) {
    this.name = name;
    this.finisher = finisher;
  }

  @FunctionalInterface
  interface Finisher<F> {
    F finish(
        ResourceListing listing,
        ResourceReader reader,
        Map<String, Completer> completers,
        Access access);
  }

  public ResourceBuilder<F> name(String name) {
    this.name = name;
    return this;
  }

  public ResourceBuilder<F> title(String title) {
    this.title = title;
    return this;
  }

  public ResourceBuilder<F> description(String description) {
    this.description = description;
    return this;
  }

  public ResourceBuilder<F> mimeType(String mimeType) {
    this.mimeType = mimeType;
    return this;
  }

  /// In bytes.
  public ResourceBuilder<F> size(long size) {
    this.size = size;
    return this;
  }

  public ResourceBuilder<F> annotations(Annotations annotations) {
    this.annotations = annotations;
    return this;
  }

  /// Says something to programs, in lists; see [Meta]. What is read has its own
  /// ([ResourceContents#withMeta]).
  public ResourceBuilder<F> meta(String key, JsonNode value) {
    meta = meta.with(key, value);
    return this;
  }

  public ResourceBuilder<F> meta(String key, String value) {
    meta = meta.with(key, value);
    return this;
  }

  /// Clients look for it with what they have read; some with what is listed.
  ResourceBuilder<F> view(ObjectNode ui) {
    if (!ui.isEmpty()) {
      view = ui;
      meta("ui", ui);
    }
    return this;
  }

  public ResourceBuilder<F> icon(Icon icon) {
    icons.add(icon);
    return this;
  }

  /// Is not read for callers whose credentials lack one of these scopes; see [Access].
  public ResourceBuilder<F> requires(String... scopes) {
    access = access.requiring(scopes);
    return this;
  }

  /// Does not exist for callers of whom this is not true; see [Access].
  public ResourceBuilder<F> visibleTo(Predicate<? super Principal> condition) {
    access = access.visibleTo(condition);
    return this;
  }

  /// Suggests values for a template's variable.
  public ResourceBuilder<F> completes(String variable, Completer completer) {
    completers.put(variable, completer);
    return this;
  }

  public F text(ResourceReader.Of<String> reader) {
    var type = mimeType;
    return contents((request, context) ->
        List.of(ResourceContents.text(request.uri(), type, reader.read(request, context))));
  }

  public F bytes(ResourceReader.Of<byte[]> reader) {
    var type = mimeType;
    return contents((request, context) ->
        List.of(ResourceContents.blob(request.uri(), type, reader.read(request, context))));
  }

  /// One or more contents, as of a folder.
  public F contents(ResourceReader reader) {
    return finisher.finish(
        new ResourceListing(name, title, description, mimeType, size, annotations, icons, meta),
        view == null ? reader : saying(view, reader),
        completers,
        access);
  }

  /// What a reader says of its own counts.
  private static ResourceReader saying(ObjectNode ui, ResourceReader reader) {
    return (request, context) ->
        reader.read(request, context).stream()
            .map(read ->
                read.meta().json().has("ui") ? read : read.withMeta(read.meta().with("ui", ui)))
            .toList();
  }
}
