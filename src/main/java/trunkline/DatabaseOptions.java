package trunkline;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;

/// Reads the options that say which database.
final class DatabaseOptions {
  private static final String EMBEDDED = "embedded";
  private static final String USER = "trunkline";
  private static final int POOL_SIZE_MIN = 4;
  private static final int POOL_SIZE_MAX = 200;

  private static final List<Option> EXTERNAL_ONLY =
      List.of(
          Option.DATABASE_DIRECT_URL,
          Option.DATABASE_USER,
          Option.DATABASE_PASSWORD,
          Option.DATABASE_PASSWORD_FILE);

  private DatabaseOptions() {}

  static DatabaseChoice read(Options options) {
    var values = new OptionParser(options);
    var poolSize = values.number(Option.DATABASE_POOL_SIZE, POOL_SIZE_MIN, POOL_SIZE_MAX);
    if (values.require(Option.DATABASE_URL).equals(EMBEDDED)) {
      for (var option : EXTERNAL_ONLY) {
        if (options.has(option)) {
          var origin = options.find(option).orElseThrow().origin();
          throw new Refusal(origin + " needs a --database-url of a PostgreSQL of your own");
        }
      }
      return new DatabaseChoice.Embedded(embeddedFolder(options), poolSize);
    }
    var url = url(values, Option.DATABASE_URL);
    var directUrl =
        options.has(Option.DATABASE_DIRECT_URL) ? url(values, Option.DATABASE_DIRECT_URL) : url;
    var settings =
        DatabaseSettings.of(
            withoutLogin(url),
            values.text(Option.DATABASE_USER).or(() -> parameter(url, "user")).orElse(USER),
            password(options, values, url));
    return new DatabaseChoice.External(
        new DatabaseSettings(
            settings.url(),
            withoutLogin(directUrl),
            settings.user(),
            settings.password(),
            poolSize,
            settings.connectTimeout(),
            settings.socketTimeout()));
  }

  static Path embeddedFolder(Options options) {
    return Path.of(new OptionParser(options).require(Option.DATA)).resolve("postgres");
  }

  private static String url(OptionParser values, Option option) {
    var url = values.require(option);
    if (org.postgresql.Driver.parseURL(url, null) == null) {
      throw values.wrong(
          option,
          option == Option.DATABASE_URL
              ? "'embedded' or a URL such as jdbc:postgresql://host:5432/name"
              : "a URL such as jdbc:postgresql://host:5432/name");
    }
    return url;
  }

  private static Password password(Options options, OptionParser values, String url) {
    if (options.has(Option.DATABASE_PASSWORD) && options.has(Option.DATABASE_PASSWORD_FILE)) {
      throw new Refusal("give --database-password or --database-password-file, not both");
    }
    var file = values.readableFile(Option.DATABASE_PASSWORD_FILE);
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
