package trunkline.shape;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A list, set or array of one shape. Lists and sets never change; sets keep their order.
///
/// @param array the class of its elements when it is an array
record Sequence(Shape element, boolean isSet, @Nullable Class<?> array, Extent extent)
    implements Shape {
  @Override
  public ObjectNode schema() {
    var schema = Codec.object().put("type", "array");
    schema.set("items", element.schema());
    extent.describe(schema, "Items");
    return isSet ? schema.put("uniqueItems", true) : schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    if (!(json instanceof ArrayNode given)) {
      return reading.refuse(json, this);
    }
    if (!extent.contains(given.size())) {
      return reading.refuse("has " + given.size() + " elements, expected " + noun());
    }
    var before = reading.count();
    var values = new ArrayList<@Nullable Object>(given.size());
    var seen = new HashSet<Object>();
    for (var i = 0; i < given.size(); i++) {
      var each = given.get(i);
      values.add(reading.at("" + i, () -> element.read(each, reading)));
      if (isSet && !seen.add(element.comparable(each))) {
        reading.at("" + i, () -> reading.refuse("stands there twice, expected different elements"));
      }
    }
    return reading.count() > before ? null : collected(values);
  }

  @Override
  public Object comparable(JsonNode json) {
    return json.isArray()
        ? json.valueStream().map(element::comparable).toList()
        : JsonNumber.comparable(json);
  }

  private Object collected(List<@Nullable Object> values) {
    if (array != null) {
      var made = Array.newInstance(array, values.size());
      for (var i = 0; i < values.size(); i++) {
        Array.set(made, i, values.get(i));
      }
      return made;
    }
    return isSet
        ? Collections.unmodifiableSet(new LinkedHashSet<>(values))
        : Collections.unmodifiableList(values);
  }

  @Override
  public JsonNode write(Object value) {
    var written = Codec.array();
    if (value instanceof Collection<?> collection) {
      collection.forEach(each -> add(written, each));
    } else {
      for (var i = 0; i < Array.getLength(value); i++) {
        add(written, Array.get(value, i));
      }
    }
    return written;
  }

  private void add(ArrayNode written, @Nullable Object each) {
    var place = "element " + written.size();
    if (each == null) {
      throw new Unwritable("is null, which a list does not hold").in(place);
    }
    try {
      written.add(element.write(each));
    } catch (Unwritable e) {
      throw e.in(place);
    }
  }

  /// An annotation at an array may mean it or its elements, as in Java's own grammar.
  @Override
  public Shape limited(Limit limit) {
    if (limit instanceof Limit.Size size) {
      return new Sequence(element, isSet, array, extent.and(size));
    }
    return array == null
        ? Shape.super.limited(limit)
        : new Sequence(element.limited(limit), isSet, array, extent);
  }

  @Override
  public String noun() {
    return "an array" + extent.text("elements");
  }
}
