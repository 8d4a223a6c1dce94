package trunkline.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// The results, for a person and for a program.
final class Table {
  private Table() {}

  /// As Markdown.
  static String text(List<Result> results) {
    var text = new StringBuilder();
    text.append(
        "| | floor | product | ratio | rounds | target | |\n|---|--:|--:|--:|---|---|---|\n");
    for (var result : results) {
      text.append(line(result)).append('\n');
    }
    text.append('\n');
    for (var result : results) {
      if (!result.notes().isEmpty()) {
        text.append("- ")
            .append(result.row().word())
            .append(": ")
            .append(notes(result))
            .append('\n');
      }
    }
    return text.toString();
  }

  static String line(Result result) {
    var row = result.row();
    if (result.isFailed()) {
      return "| %s | – | – | – | – | %s | FAILED: %s |"
          .formatted(row.title(), row.target(), result.failure());
    }
    var alone = row.floor().isEmpty();
    return "| %s | %s | %s %s | %s | %s to %s | %s | %s |"
        .formatted(
            row.title(),
            alone ? "–" : figure(result.floor()) + " " + row.unit() + ", " + row.floor(),
            figure(result.product()),
            row.unit(),
            alone ? "–" : figure(result.judged()),
            figure(result.least()),
            figure(result.most()),
            row.target(),
            result.isMet() ? "met" : "missed");
  }

  private static String notes(Result result) {
    return result.notes().entrySet().stream()
        .filter(note -> !note.getValue().isNaN())
        .map(note -> note.getKey() + " " + figure(note.getValue()))
        .collect(Collectors.joining(", "));
  }

  /// Three digits that mean something.
  private static String figure(double value) {
    var size = Math.abs(value);
    var form =
        size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 || size == 0 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, form, value);
  }

  static String json(List<Result> results) {
    var all = Codec.object();
    all.put("java", System.getProperty("java.version"));
    all.put("processors", Runtime.getRuntime().availableProcessors());
    var rows = all.putArray("rows");
    for (var result : results) {
      rows.add(json(result));
    }
    return all.toPrettyString();
  }

  private static ObjectNode json(Result result) {
    var row = result.row();
    var node = Codec.object();
    node.put("row", row.word());
    node.put("title", row.title());
    node.put("unit", row.unit());
    node.put("target", row.target().toString());
    if (result.isFailed()) {
      node.put("failure", result.failure());
      return node;
    }
    if (!row.floor().isEmpty()) {
      node.put("floorIs", row.floor());
      node.put("floor", result.floor());
    }
    node.put("product", result.product());
    node.put("judged", result.judged());
    node.put("least", result.least());
    node.put("most", result.most());
    node.put("met", result.isMet());
    var notes = node.putObject("notes");
    result
        .notes()
        .forEach((what, figure) -> {
          if (!figure.isNaN()) {
            notes.put(what, figure);
          }
        });
    var rounds = node.putArray("rounds");
    for (var round : result.rounds()) {
      var each = rounds.addObject();
      if (!row.floor().isEmpty()) {
        each.put("floor", round.floor());
      }
      each.put("product", round.product());
    }
    return node;
  }
}
