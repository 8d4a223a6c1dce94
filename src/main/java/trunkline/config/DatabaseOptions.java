package trunkline.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.store.PostgresUrl;

/// Reads the options that choose the database.
final class DatabaseOptions {
  private static final String EMBEDDED = "embedded";
  private static final String USER = "trunkline";

  private static final List<Option> EXTERNAL_ONLY =
      List.of(
          Option.DATABASE_DIRECT_URL,
          Option.DATABASE_DIRECT_URL_FILE,
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
          throw new Refusal(
              values.origin(option) + " needs a --database-url of a PostgreSQL of your own");
        }
      }
      return new DatabaseChoice.Embedded(embeddedFolder(options), poolSize);
    }
    var url = url(values);
    var direct = url(values, Option.DATABASE_DIRECT_URL, Option.DATABASE_DIRECT_URL_FILE);
    return new DatabaseChoice.External(
        DatabaseSettings.of(
            url.jdbc(),
            direct.orElse(url).jdbc(),
            values.text(Option.DATABASE_USER).or(url::user).orElse(USER),
            password(values, url),
            poolSize));
  }

  static boolean isEmbedded(OptionParser values) {
    return !values
            .stronger(Option.DATABASE_URL, Option.DATABASE_URL_FILE)
            .equals(Optional.of(Option.DATABASE_URL_FILE))
        && values.require(Option.DATABASE_URL).equals(EMBEDDED);
  }

  static Path embeddedFolder(Options options) {
    return new OptionParser(options).file(Option.DATA).orElseThrow().resolve("postgres");
  }

  /// The URL of an external database.
  static PostgresUrl url(OptionParser values) {
    return url(values, Option.DATABASE_URL, Option.DATABASE_URL_FILE).orElseThrow();
  }

  private static Optional<PostgresUrl> url(OptionParser values, Option literal, Option file) {
    return values
        .stronger(literal, file)
        .map(given -> {
          if (given == literal) {
            return PostgresUrl.parse(values.require(literal));
          }
          var path = values.file(file).orElseThrow();
          try {
            return PostgresUrl.parse(TextFile.read("the database URL", path.toString()).strip());
          } catch (IllegalArgumentException e) {
            throw new Refusal(values.origin(file) + ": in " + path + ", " + e.getMessage(), e);
          }
        });
  }

  private static Password password(OptionParser values, PostgresUrl url) {
    var given = values.stronger(Option.DATABASE_PASSWORD, Option.DATABASE_PASSWORD_FILE);
    if (given.isPresent()) {
      return given.get() == Option.DATABASE_PASSWORD
          ? new Password.Literal(values.require(Option.DATABASE_PASSWORD))
          : new Password.FromFile(values.file(Option.DATABASE_PASSWORD_FILE).orElseThrow());
    }
    var file =
        values
            .stronger(Option.DATABASE_URL, Option.DATABASE_URL_FILE)
            .filter(Option.DATABASE_URL_FILE::equals)
            .flatMap(values::file);
    return file.<Password>map(Password.FromUrlFile::new)
        .orElseGet(() -> new Password.Literal(url.password().orElse("")));
  }
}
