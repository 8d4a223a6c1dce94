package trunkline.console;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Somebody at the console of one instance after the other, with cookies and without scripts.
final class Browser implements AutoCloseable {
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");
  private static final Pattern SQL = Pattern.compile("(?s)<pre[^>]*><code>(.*?)</code>");

  private final HttpClient client = HttpClient.newHttpClient();
  private String cookie = "";

  /// @param url of an instance, as its clients know it
  Shown get(URI url, String path) throws IOException, InterruptedException {
    return send(request(url, path).GET());
  }

  Shown post(URI url, String path, Map<String, String> form)
      throws IOException, InterruptedException {
    return post(url, path, form, root(url));
  }

  /// @param origin of the page that has the form
  Shown post(URI url, String path, Map<String, String> form, String origin)
      throws IOException, InterruptedException {
    var body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    var request =
        request(url, path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body));
    return send(origin.isEmpty() ? request : request.header("Origin", origin));
  }

  /// Gives a key, and keeps the cookie that comes for it.
  Shown login(URI url, String key) throws IOException, InterruptedException {
    var token = get(url, "login").token();
    var answer = post(url, "login", Map.of("token", token, "key", key));
    answer.header("Set-Cookie").ifPresent(set -> cookie = set.split(";", 2)[0]);
    return answer;
  }

  private HttpRequest.Builder request(URI url, String path) {
    var request = HttpRequest.newBuilder(URI.create(root(url) + "/console/" + path));
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  private Shown send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return new Shown(client.send(request.build(), BodyHandlers.ofString()));
  }

  static String root(URI url) {
    return url.getScheme() + "://" + url.getAuthority();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
  }

  /// A page as it came.
  record Shown(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String text() {
      return response.body();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    /// What its form carries.
    String token() {
      return first(TOKEN);
    }

    /// The statement that it shows.
    String sql() {
      return first(SQL)
          .replace("&lt;", "<")
          .replace("&gt;", ">")
          .replace("&#39;", "'")
          .replace("&amp;", "&");
    }

    private String first(Pattern pattern) {
      var found = pattern.matcher(text());
      if (!found.find()) {
        throw new AssertionError("not on the page: " + pattern + "\n" + text());
      }
      return found.group(1);
    }
  }
}
