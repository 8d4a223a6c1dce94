package trunkline.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;

/// Reads the options that choose the database.
final class DatabaseOptions {
  private static final String EMBEDDED = "embedded";
  private static final String USER = "trunkline";

  private static final List<Option> EXTERNAL_ONLY =
      List.of(
          Option.DATABASE_DIRECT_URL,
          Option.DATABASE_USER,
          Option.DATABASE_PASSWORD,
          Option.DATABASE_PASSWORD_FILE);

  private DatabaseOptions() {}

  static DatabaseChoice read(Options options) {
    var values = new OptionParser(options);
    var poolSize = values.number(Option.DATABASE_POOL_SIZE);
    if (isEmbedded(values)) {
      for (var option : EXTERNAL_ONLY) {
        if (options.has(option)) {
          var origin = options.find(option).orElseThrow().origin();
          throw new Refusal(origin + " needs a --database-url of a PostgreSQL of your own");
        }
      }
      return new DatabaseChoice.Embedded(embeddedFolder(options), poolSize);
    }
    var url = values.require(Option.DATABASE_URL);
    return new DatabaseChoice.External(
        DatabaseSettings.of(
            withoutLogin(url),
            withoutLogin(values.text(Option.DATABASE_DIRECT_URL).orElse(url)),
            values.text(Option.DATABASE_USER).or(() -> parameter(url, "user")).orElse(USER),
            password(options, values, url),
            poolSize));
  }

  static boolean isEmbedded(OptionParser values) {
    return values.require(Option.DATABASE_URL).equals(EMBEDDED);
  }

  static Path embeddedFolder(Options options) {
    return new OptionParser(options).file(Option.DATA).orElseThrow().resolve("postgres");
  }

  private static Password password(Options options, OptionParser values, String url) {
    if (options.has(Option.DATABASE_PASSWORD) && options.has(Option.DATABASE_PASSWORD_FILE)) {
      throw new Refusal("give --database-password or --database-password-file, not both");
    }
    var file = values.file(Option.DATABASE_PASSWORD_FILE);
    if (file.isPresent()) {
      return new Password.FromFile(file.get());
    }
    return new Password.Literal(
        values.text(Option.DATABASE_PASSWORD).or(() -> parameter(url, "password")).orElse(""));
  }

  /// User and password leave the URL, which is printed and stored; the rest is the driver's.
  private static String withoutLogin(String url) {
    return url.replaceAll("(?<=[?&])(user|password)=[^&]*&?", "").replaceAll("[?&]$", "");
  }

  private static Optional<String> parameter(String url, String name) {
    var matcher = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url);
    return matcher.find()
        ? Optional.of(
            URLDecoder.decode(matcher.group(1).replace("+", "%2B"), StandardCharsets.UTF_8))
        : Optional.empty();
  }
}
