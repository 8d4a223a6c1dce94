package trunkline.scenario;

import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import trunkline.scenario.Sketch.Leaf;
import trunkline.scenario.Sketch.Row;
import trunkline.scenario.Sketch.Table;
import trunkline.testing.Json;

/// Valid requests, and what can be done to them: values are replaced by what parsers, numbers and
/// databases stumble over; members come, go, stand twice and get other names. Few are no JSON.
final class Mutations {
  private static final int SPOILT_BYTES_ONE_IN = 12;
  private static final int BEYOND_BOUNDS_ONE_IN = 16;
  private static final int ODD_HEADER_ONE_IN = 8;
  private static final int ENVELOPE_ONE_IN = 12;

  private final RandomGenerator random;

  /// Texts that this server has given to this client: ids of tasks, cursors, ids of events.
  private final List<String> given = new ArrayList<>();

  Mutations(RandomGenerator random) {
    this.random = random;
  }

  /// Lets requests name a thing that there is.
  void learn(String text) {
    given.add(text);
  }

  /// A valid message under this id with one odd value, or with up to four faults.
  byte[] document(long id) {
    var whole = new Row(new ArrayList<>(List.of(valid(id))));
    if (random.nextBoolean()) {
      replace(whole);
    } else {
      for (var fault = random.nextInt(1, 5); fault > 0; fault--) {
        spoil(whole);
      }
    }
    var text = new StringBuilder();
    whole.values().forEach(value -> value.write(text));
    var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return random.nextInt(SPOILT_BYTES_ONE_IN) == 0 ? spoilt(bytes) : bytes;
  }

  /// Names and values; mostly none.
  String[] headers() {
    if (random.nextInt(ODD_HEADER_ONE_IN) > 0) {
      return new String[0];
    }
    var name = any(List.copyOf(Oddities.HEADERS.keySet()));
    return new String[] {name, any(Oddities.HEADERS.getOrDefault(name, List.of()))};
  }

  /// A place in a stream: of this client, of nobody, or no place at all.
  String eventId() {
    return switch (random.nextInt(4)) {
      case 0 -> any(Oddities.HEADERS.getOrDefault("Last-Event-ID", List.of()));
      case 1 -> random.nextInt(2_000) + "." + random.nextLong(0, Long.MAX_VALUE) + ".0";
      case 2 -> random.nextInt(2_000) + "." + random.nextInt(99) + "." + random.nextInt(99);
      default -> given.isEmpty() ? "1.0.0" : any(given);
    };
  }

  private Sketch valid(long id) {
    if (random.nextInt(5) == 0) {
      return Sketch.of(Json.of(json(any(Oddities.OTHERS))));
    }
    var call = any(Oddities.METHODS).split(" ", 2);
    var params = Sketch.of(Json.of(json(call[1])));
    var spelled = random.nextInt(10) == 0 ? wellFormed() : Long.toString(id);
    return new Table(
        new ArrayList<>(List.of("\"jsonrpc\"", "\"id\"", "\"method\"", "\"params\"")),
        new ArrayList<>(
            List.of(
                new Leaf("\"2.0\""), new Leaf(spelled), new Leaf(Sketch.quoted(call[0])), params)));
  }

  /// A place of the tree: a container's values, and where among them.
  private record Place(List<Sketch> values, int at, @Nullable Table table) {
    Sketch get() {
      return values.get(at);
    }

    void set(Sketch other) {
      values.set(at, other);
    }
  }

  /// Where everything else is right, the odd value comes to whoever uses it.
  private void replace(Row whole) {
    List<Place> inside = new ArrayList<>();
    collect(whole, 0, new ArrayList<>(), inside);
    var leaves = inside.stream().filter(place -> place.get() instanceof Leaf).toList();
    if (!leaves.isEmpty()) {
      var place = any(leaves);
      place.set(new Leaf(valueFor(place.get())));
    }
  }

  private void spoil(Row whole) {
    List<Place> envelope = new ArrayList<>();
    List<Place> inside = new ArrayList<>();
    collect(whole, 0, envelope, inside);
    var places = inside.isEmpty() || random.nextInt(ENVELOPE_ONE_IN) == 0 ? envelope : inside;
    if (places.isEmpty()) {
      whole.values().add(new Leaf(wellFormed()));
      return;
    }
    spoil(any(places), any(places));
  }

  private static void collect(Sketch from, int depth, List<Place> envelope, List<Place> inside) {
    var table = from instanceof Table it ? it : null;
    var values =
        switch (from) {
          case Leaf _ -> List.<Sketch>of();
          case Row(var elements) -> elements;
          case Table(_, var members) -> members;
        };
    for (var at = 0; at < values.size(); at++) {
      (depth < 2 ? envelope : inside).add(new Place(values, at, table));
      collect(values.get(at), depth + 1, envelope, inside);
    }
  }

  private void spoil(Place place, Place other) {
    var table = place.table();
    if (table != null && random.nextInt(3) == 0) {
      spoilMember(table, place.at(), other);
      return;
    }
    switch (random.nextInt(8)) {
      case 0 -> place.set(new Row(new ArrayList<>(List.of(place.get()))));
      case 1 ->
          place.set(
              new Table(new ArrayList<>(List.of(name())), new ArrayList<>(List.of(place.get()))));
      case 2 -> place.set(copy(other.get()));
      default -> place.set(new Leaf(valueFor(place.get())));
    }
  }

  private void spoilMember(Table table, int at, Place other) {
    switch (random.nextInt(4)) {
      case 0 -> {
        table.names().remove(at);
        table.values().remove(at);
      }
      case 1 -> table.names().set(at, name());
      default -> {
        var added = random.nextBoolean() ? copy(other.get()) : new Leaf(value());
        table.names().add(name());
        table.values().add(added);
      }
    }
  }

  /// A tree has no place twice, or a change would be made there too, for ever.
  private static Sketch copy(Sketch original) {
    return switch (original) {
      case Leaf leaf -> leaf;
      case Row(var values) ->
          new Row(new ArrayList<>(values.stream().map(Mutations::copy).toList()));
      case Table(var names, var values) ->
          new Table(
              new ArrayList<>(names),
              new ArrayList<>(values.stream().map(Mutations::copy).toList()));
    };
  }

  private String name() {
    return Sketch.quoted(any(Oddities.NAMES));
  }

  private String value() {
    return random.nextInt(BEYOND_BOUNDS_ONE_IN) == 0 ? any(Oddities.BEYOND) : wellFormed();
  }

  /// Of the same kind as a rule: of another one, it is refused before anybody looks at it.
  private String valueFor(Sketch former) {
    if (!(former instanceof Leaf(var literal)) || random.nextInt(3) == 0) {
      return value();
    }
    if (literal.startsWith("\"")) {
      return !given.isEmpty() && random.nextInt(4) == 0
          ? Sketch.quoted(any(given))
          : json(any(Oddities.TEXTS));
    }
    return any(Oddities.NUMBERS);
  }

  private String wellFormed() {
    return switch (random.nextInt(4)) {
      case 0 -> any(Oddities.NUMBERS);
      case 1 -> json(any(Oddities.STRUCTURES));
      case 2 -> given.isEmpty() ? "null" : Sketch.quoted(any(given));
      default -> json(any(Oddities.TEXTS));
    };
  }

  private byte[] spoilt(byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    var at = random.nextInt(bytes.length);
    if (random.nextInt(3) == 0) {
      return Arrays.copyOf(bytes, at);
    }
    bytes[at] = (byte) random.nextInt();
    return bytes;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
