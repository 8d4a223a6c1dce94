package trunkline.scenario;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A JSON text as a tree that may hold what no tree of a library's would: numbers spelled anyhow,
/// and a name twice.
sealed interface Sketch {
  /// A number, a text with its quotes, a word; or whatever else stands in a value's place.
  record Leaf(String literal) implements Sketch {
    @Override
    public void write(StringBuilder text) {
      text.append(literal);
    }
  }

  record Row(List<Sketch> values) implements Sketch {
    @Override
    public void write(StringBuilder text) {
      var separator = '[';
      for (var value : values) {
        text.append(separator);
        value.write(text);
        separator = ',';
      }
      text.append(values.isEmpty() ? "[]" : "]");
    }
  }

  /// Names with their quotes, and as many values.
  record Table(List<String> names, List<Sketch> values) implements Sketch {
    @Override
    public void write(StringBuilder text) {
      for (var at = 0; at < names.size(); at++) {
        text.append(at == 0 ? '{' : ',').append(names.get(at)).append(':');
        values.get(at).write(text);
      }
      text.append(names.isEmpty() ? "{}" : "}");
    }
  }

  void write(StringBuilder text);

  /// One that can be changed.
  static Sketch of(JsonNode json) {
    if (json.isObject()) {
      var table = new Table(new ArrayList<>(), new ArrayList<>());
      for (var member : json.properties()) {
        table.names().add(quoted(member.getKey()));
        table.values().add(of(member.getValue()));
      }
      return table;
    }
    if (json.isArray()) {
      var row = new Row(new ArrayList<>());
      json.forEach(value -> row.values().add(of(value)));
      return row;
    }
    return new Leaf(json.toString());
  }

  static String quoted(String name) {
    return '"' + name + '"';
  }
}
