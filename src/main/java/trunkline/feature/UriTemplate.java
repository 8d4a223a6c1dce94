package trunkline.feature;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An RFC 6570 template, read backwards: from a URI to the values that would have made it.
///
/// Supported are `{a}`, `{+a}`, `{#a}`, `{.a}`, `{/a}`, and at the end `{?a,b}` and `{&a,b}`.
/// Prefixes (`:3`), explosions (`*`), lists outside of queries, a second `{+a}` or `{#a}` and two
/// expressions without text between them are refused, because more than one set of values could
/// have made the same URI. A variable of a path is never empty; those of a query may be missing.
public final class UriTemplate {
  private static final int URI_LENGTH_MAX = 2048;

  private final String pattern;
  private final Pattern path;
  private final List<String> pathVariables;
  private final List<String> queryVariables;

  UriTemplate(
      String pattern, Pattern path, List<String> pathVariables, List<String> queryVariables) {
    this.pattern = pattern;
    this.path = path;
    this.pathVariables = List.copyOf(pathVariables);
    this.queryVariables = List.copyOf(queryVariables);
  }

  public static UriTemplate parse(String template) {
    return new UriTemplateParser(template).parse();
  }

  public String pattern() {
    return pattern;
  }

  public List<String> variables() {
    return Stream.concat(pathVariables.stream(), queryVariables.stream()).toList();
  }

  /// The variables' values, percent-decoded; empty when this URI is none of the template's.
  public Optional<Map<String, String>> match(String uri) {
    if (uri.length() > URI_LENGTH_MAX) {
      return Optional.empty();
    }
    var matcher = path.matcher(uri);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (var i = 0; i < pathVariables.size(); i++) {
      var value = decoded(matcher.group(i + 1));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.put(pathVariables.get(i), value.get());
    }
    if (!queryVariables.isEmpty() && !readQuery(matcher.group(pathVariables.size() + 1), values)) {
      return Optional.empty();
    }
    return Optional.of(values);
  }

  private boolean readQuery(String query, Map<String, String> values) {
    if (query.isEmpty()) {
      return true;
    }
    for (var pair : query.substring(1).split("&", -1)) {
      var at = pair.indexOf('=');
      var name = at < 0 ? pair : pair.substring(0, at);
      var value = decoded(at < 0 ? "" : pair.substring(at + 1));
      if (value.isEmpty()
          || !queryVariables.contains(name)
          || values.putIfAbsent(name, value.get()) != null) {
        return false;
      }
    }
    return true;
  }

  private static Optional<String> decoded(String text) {
    if (text.indexOf('%') < 0) {
      return Optional.of(text);
    }
    var bytes = ByteBuffer.allocate(text.length() * 3);
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '%') {
        var point = text.codePointAt(i);
        bytes.put(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(point) - 1;
      } else if (i + 2 < text.length()
          && Character.digit(text.charAt(i + 1), 16) >= 0
          && Character.digit(text.charAt(i + 2), 16) >= 0) {
        bytes.put((byte) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UriTemplate template && template.pattern.equals(pattern);
  }

  @Override
  public int hashCode() {
    return pattern.hashCode();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
