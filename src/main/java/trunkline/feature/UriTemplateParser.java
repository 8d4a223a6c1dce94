package trunkline.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Compiles a template into a regular expression with one group a variable.
final class UriTemplateParser {
  private static final Pattern EXPRESSION = Pattern.compile("\\{([+#./?&]?)([^{}]*)\\}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z0-9_]+(?:\\.[A-Za-z0-9_]+)*");

  /// A plain value: nothing that RFC 3986 reserves.
  private static final String PLAIN = "([^:/?#\\[\\]@!$&'()*+,;=\\s]+)";

  private static final String RESERVED = "([^\\s?#]+)";
  private static final String FRAGMENT = "([^\\s]+)";

  private final String template;
  private final StringBuilder regex = new StringBuilder();
  private final List<String> pathVariables = new ArrayList<>();
  private final List<String> queryVariables = new ArrayList<>();
  private boolean hasReserved;

  UriTemplateParser(String template) {
    this.template = template;
  }

  UriTemplate parse() {
    var matcher = EXPRESSION.matcher(template);
    var at = 0;
    while (matcher.find()) {
      literal(template.substring(at, matcher.start()));
      var next = matcher.end();
      if (next < template.length() && template.charAt(next) == '{' && isAmbiguous(next)) {
        throw refused("two expressions need text between them");
      }
      expression(matcher.group(1), matcher.group(2), next == template.length());
      at = next;
    }
    literal(template.substring(at));
    return new UriTemplate(
        template, Pattern.compile(regex.toString()), pathVariables, queryVariables);
  }

  /// `{a}{?b}` and `{a}{/b}` bring the separating character themselves.
  private boolean isAmbiguous(int next) {
    return next + 1 >= template.length() || "#./?&".indexOf(template.charAt(next + 1)) < 0;
  }

  private void literal(String text) {
    if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
      throw refused("unbalanced braces");
    }
    if (!text.isEmpty()) {
      regex.append(Pattern.quote(text));
    }
  }

  private void expression(String operator, String names, boolean isLast) {
    var variables = List.of(names.split(",", -1));
    for (var variable : variables) {
      if (!VARIABLE.matcher(variable).matches()) {
        throw refused("unsupported expression {" + operator + names + "}");
      }
      if (pathVariables.contains(variable) || queryVariables.contains(variable)) {
        throw refused("variable " + variable + " stands twice");
      }
      if ("?&".contains(operator) && !operator.isEmpty()) {
        queryVariables.add(variable);
      } else {
        pathVariables.add(variable);
      }
    }
    if (!operator.isEmpty() && "?&".contains(operator)) {
      if (!isLast) {
        throw refused("a query stands at the end");
      }
      regex.append("((?:").append(Pattern.quote(operator)).append("[^#\\s]*)?)");
    } else if ((operator.equals("+") || operator.equals("#")) && hasReserved) {
      throw refused("only one expression may hold slashes");
    } else if (variables.size() > 1) {
      throw refused("unsupported expression {" + operator + names + "}");
    } else {
      hasReserved |= operator.equals("+") || operator.equals("#");
      regex.append(
          switch (operator) {
            case "+" -> RESERVED;
            case "#" -> "#" + FRAGMENT;
            case "." -> "\\." + PLAIN;
            case "/" -> "/" + PLAIN;
            default -> PLAIN;
          });
    }
  }

  private IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("URI template " + template + ": " + why);
  }
}
