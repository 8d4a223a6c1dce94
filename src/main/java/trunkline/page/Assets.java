package trunkline.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import trunkline.http.Pages.Page;

/// Style sheets and scripts, from the jars. They are the same for everybody.
public final class Assets {
  public static final String HTML = "text/html; charset=utf-8";
  public static final String TEXT = "text/plain; charset=utf-8";

  /// The style sheet that all pages begin with.
  public static final String PICO =
      "/META-INF/resources/webjars/picocss__pico/2.1.1/css/pico.min.css";

  private static final String CSS = "text/css; charset=utf-8";
  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

  private final Map<String, String> resources;
  private final Map<String, Page> read = new ConcurrentHashMap<>();

  /// @param resources on the class path, by the names under which they are served
  public Assets(Map<String, String> resources) {
    this.resources = Map.copyOf(resources);
  }

  public Optional<Page> find(String name) {
    var resource = resources.get(name);
    return resource == null
        ? Optional.empty()
        : Optional.of(read.computeIfAbsent(name, _ -> read(resource)));
  }

  private static Page read(String resource) {
    try (var in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + resource);
      }
      var kept = Map.of("Cache-Control", "public, max-age=3600");
      return new Page(200, resource.endsWith(".js") ? JAVASCRIPT : CSS, kept, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
