package trunkline.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A string. Its length is counted in code points, as JSON Schema does.
record Text(Extent length, List<Grammar> grammars, boolean isEmail) implements Shape {
  static final Text ANY = new Text(Extent.ANY, List.of(), false);

  record Grammar(String regex, Pattern pattern, String expected) {
    static Grammar of(Limit.Match match) {
      return new Grammar(match.regex(), Regex.compiled(match.regex()), match.expected());
    }
  }

  @Override
  public ObjectNode schema() {
    var schema = Codec.object().put("type", "string");
    if (isEmail) {
      schema.put("format", "email");
    }
    length.describe(schema, "Length");
    if (!grammars.isEmpty()) {
      schema.put("pattern", grammars.getFirst().regex);
    }
    if (grammars.size() > 1) {
      var all = schema.putArray("allOf");
      grammars.stream().skip(1).forEach(each -> all.addObject().put("pattern", each.regex));
    }
    return schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    if (!json.isString()) {
      return reading.refuse(json, this);
    }
    var text = json.stringValue();
    var count = text.codePointCount(0, text.length());
    if (!length.contains(count)) {
      return reading.refuse("has " + count + " characters, expected a string" + lengthText());
    }
    if (isEmail && !EmailFormat.isAddress(text)) {
      return reading.refuse("is no e-mail address, expected one such as ada@example.org");
    }
    for (var grammar : grammars) {
      if (!grammar.pattern.matcher(text).find()) {
        return reading.refuse("does not fit, expected " + grammar.expected);
      }
    }
    return text;
  }

  @Override
  public JsonNode write(Object value) {
    return JsonNodeFactory.instance.stringNode((String) value);
  }

  @Override
  public Shape limited(Limit limit) {
    return switch (limit) {
      case Limit.Size size -> new Text(length.and(size), grammars, isEmail);
      case Limit.Email _ -> new Text(length, grammars, true);
      case Limit.Match match -> {
        var more = new ArrayList<>(grammars);
        more.add(Grammar.of(match));
        yield new Text(length, List.copyOf(more), isEmail);
      }
      case Limit.Bound _ -> Shape.super.limited(limit);
    };
  }

  @Override
  public String noun() {
    return "a string" + lengthText();
  }

  private String lengthText() {
    return length.text("characters");
  }
}
