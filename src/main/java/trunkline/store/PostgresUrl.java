package trunkline.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// A database URL as people have it: `jdbc:postgresql://host:5432/name`, or the form that hosting
/// services hand out and libpq reads, `postgresql://user:password@host:5432/name?sslmode=require`.
///
/// @param jdbc the driver's URL, without user and password: it is printed and stored
/// @param user the role, if the URL names one
/// @param password its password, if the URL has one
public record PostgresUrl(String jdbc, Optional<String> user, Optional<String> password) {
  /// The end of an error: what would be right.
  public static final String FORM =
      "a URL such as postgresql://user@host:5432/name or jdbc:postgresql://host:5432/name";

  private static final String JDBC = "jdbc:postgresql:";

  /// Up to the last `@`: in a URL that is written wrong the password may have any sign in it.
  private static final Pattern LOGIN = Pattern.compile("(?<=//)([^:/@]*):(.*)@");

  private static final Pattern PORT_WRONG =
      Pattern.compile("^//[^/]*:(?![0-9]{1,5}(?:[,/]|$))[^]/]*(?:[,/]|$)");

  private static final Pattern SECRET = Pattern.compile("(?i)(?<=[?&])((?:ssl)?password)=[^&]*");

  /// Whether it begins like either form.
  public static boolean isOne(String url) {
    return url.startsWith(JDBC) || LibpqUrl.rest(url).isPresent();
  }

  /// Reads either form.
  ///
  /// @throws IllegalArgumentException saying what is wrong, without quoting a secret
  public static PostgresUrl parse(String url) {
    if (url.startsWith(JDBC)) {
      return ofDriver(url);
    }
    return LibpqUrl.rest(url)
        .map(LibpqUrl::parse)
        .orElseThrow(() -> new IllegalArgumentException("this is not " + FORM));
  }

  /// What may be printed of a URL, well formed or not.
  public static String masked(String url) {
    return SECRET.matcher(LOGIN.matcher(url).replaceAll("$1:***@")).replaceAll("$1=***");
  }

  private static PostgresUrl ofDriver(String url) {
    var address = url.substring(JDBC.length()).split("[?]", 2)[0];
    if (address.contains("@")) {
      throw new IllegalArgumentException(
          "after jdbc: nobody logs in before an @: leave out jdbc: (postgresql://user:...@host/name),"
              + " or give --database-user and --database-password-file");
    }
    // The driver would log the port.
    if (PORT_WRONG.matcher(address).find() || org.postgresql.Driver.parseURL(url, null) == null) {
      throw new IllegalArgumentException("this is not " + FORM);
    }
    return new PostgresUrl(withoutLogin(url), parameter(url, "user"), parameter(url, "password"));
  }

  /// User and password leave the URL; the rest is the driver's.
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

  @Override
  public String toString() {
    return "PostgresUrl[" + masked(jdbc) + user.map(name -> " as " + name).orElse("") + "]";
  }
}
