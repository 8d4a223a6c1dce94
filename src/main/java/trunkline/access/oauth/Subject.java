package trunkline.access.oauth;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// The name of who bears a token: issuer, tenant if that is configured, and what the issuer calls
/// him, with a space between each.
///
/// ```
/// https://idp.example/realms/staff 248289761001
/// https://idp.example/realms/staff acme 248289761001
/// ```
///
/// Who is not the operator cannot give himself such a name by other credentials: those of a token
/// file and of a trusted header hold no space, and a certificate that says so names nobody.
/// Whatever in a claim is no visible character, and `%`, stands as its bytes in UTF-8, `%20`, so
/// that different bearers have different names.
record Subject(String name) {
  private static final int BYTES_MAX = 1_000;

  static Subject of(ObjectNode claims, String issuer, OAuthPolicy policy) throws TokenRefused {
    var name = new StringBuilder(issuer);
    if (policy.tenantClaim().isPresent()) {
      name.append(' ').append(escaped(text(claims, policy.tenantClaim().get())));
    }
    name.append(' ').append(escaped(text(claims, policy.principalClaim())));
    if (name.toString().getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      throw new TokenRefused("the token names its bearer at too great a length");
    }
    return new Subject(name.toString());
  }

  private static String text(ObjectNode claims, String claim) throws TokenRefused {
    var value = claims.path(claim);
    if ((value.isString() || value.isIntegralNumber()) && !value.asString().isEmpty()) {
      return value.asString();
    }
    throw new TokenRefused("the token has no claim " + claim);
  }

  private static String escaped(String text) {
    var escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          if (isVisible(point)) {
            escaped.appendCodePoint(point);
          } else {
            for (var each : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
              escaped.append('%').append(HexFormat.of().toHexDigits(each).toUpperCase(Locale.ROOT));
            }
          }
        });
    return escaped.toString();
  }

  private static boolean isVisible(int point) {
    return point != '%'
        && switch (Character.getType(point)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.SPACE_SEPARATOR,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
  }
}
