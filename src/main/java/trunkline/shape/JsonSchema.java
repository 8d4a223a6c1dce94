package trunkline.shape;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InvalidSchemaException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.PathType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A JSON Schema 2020-12, compiled once. It may refer to its own parts and to the standard's
/// meta-schemas, never to a file or the network; checking is bounded in steps, depth and number of
/// errors.
public final class JsonSchema {
  private static final int PROBLEMS_MAX = 5;
  private static final long STEPS_MAX = 1_000_000;
  private static final int DEPTH_MAX = 500;

  /// Up to here every error is worth collecting; a larger input stops at its first one, or a
  /// megabyte of wrong numbers would become hundreds of megabytes of messages.
  private static final int NODES_FOR_ALL_ERRORS_MAX = 1_000;

  /// Unknown keywords are the author's annotations, such as `enumNames`, and no reason to warn.
  private static final Dialect DIALECT = dialect();

  /// What the validator's own texts say of a format, twice.
  private static final Map<String, String> FORMATS =
      Map.of(
          "date", "a date such as 2026-11-29 (RFC 3339)",
          "time", "a time with offset such as 14:30:00Z (RFC 3339)",
          "date-time", "a date and time with offset such as 2026-11-29T14:30:00Z (RFC 3339)",
          "duration", "a duration such as PT1H30M (RFC 3339)",
          "email", "an e-mail address such as ada@example.org",
          "uri", "an absolute URI such as https://example.org/ (RFC 3986)",
          "uuid", "a UUID such as 8b4f9a52-3c1d-4e6f-9a70-1b2c3d4e5f60 (RFC 4122)");

  private final ObjectNode json;
  private final Schema compiled;

  private JsonSchema(ObjectNode json, Schema compiled) {
    this.json = json;
    this.compiled = compiled;
  }

  /// Makes it ready to check values.
  ///
  /// @throws IllegalArgumentException when it is no schema or refers to something outside
  public static JsonSchema compile(ObjectNode json) {
    try {
      var compiled = registry().getSchema(json);
      compiled.initializeValidators();
      return new JsonSchema(json, compiled);
    } catch (SchemaException | IllegalArgumentException e) {
      throw new IllegalArgumentException("not a usable JSON schema: " + e.getMessage(), e);
    }
  }

  /// The same, of JSON text.
  public static JsonSchema parse(String text) {
    if (Codec.tree(text) instanceof ObjectNode object) {
      return compile(object);
    }
    throw new IllegalArgumentException("a schema is a JSON object");
  }

  /// Must not be modified: all calls share it.
  public ObjectNode json() {
    return json;
  }

  /// The errors of this value and their places; empty when it is valid.
  public List<String> problems(JsonNode value) {
    var failFast = countUpTo(value, NODES_FOR_ALL_ERRORS_MAX) >= NODES_FOR_ALL_ERRORS_MAX;
    try {
      return compiled
          .validate(comparable(value), (ExecutionContext context) -> limit(context, failFast))
          .stream()
          .map(JsonSchema::problem)
          .distinct()
          .limit(PROBLEMS_MAX)
          .toList();
    } catch (ValidationLimitExceededException e) {
      return List.of("too large or too deep to be checked");
    } catch (InvalidSchemaException e) {
      throw new IllegalStateException("the schema can't be evaluated: " + e.getMessage(), e);
    }
  }

  private static void limit(ExecutionContext context, boolean failFast) {
    context.executionConfig(config ->
        config
            .failFast(failFast)
            .formatAssertionsEnabled(true)
            .maxEvaluationSteps(STEPS_MAX)
            .maxEvaluationDepth(DEPTH_MAX));
  }

  private static String problem(Error error) {
    var where = error.getInstanceLocation().toString();
    return (where.isEmpty() ? "" : where + ": ") + text(error);
  }

  private static String text(Error error) {
    if (!error.getKeyword().equals("format")) {
      return error.getMessage();
    }
    var format = error.getSchemaNode().asString();
    return "is not of the format " + format + ", expected " + FORMATS.getOrDefault(format, format);
  }

  /// The validator fails on whole numbers beyond 64 bits that are spelled with an exponent, where a
  /// schema has a bound. A value without any is not copied.
  private static JsonNode comparable(JsonNode value) {
    return hasWholeFraction(value) ? copied(value) : value;
  }

  private static boolean hasWholeFraction(JsonNode value) {
    if (!value.isContainer()) {
      return whole(value) != null;
    }
    for (var each : value) {
      if (hasWholeFraction(each)) {
        return true;
      }
    }
    return false;
  }

  /// A number with a fraction or an exponent that is whole all the same; null for anything else.
  private static @Nullable JsonNode whole(JsonNode value) {
    var number = value.isFloatingPointNumber() ? JsonNumber.exact(value) : null;
    return number != null && JsonNumber.isWhole(number) ? JsonNumber.node(number) : null;
  }

  private static JsonNode copied(JsonNode value) {
    return switch (value) {
      case ObjectNode object -> {
        var copy = Codec.object();
        object.properties().forEach(each -> copy.set(each.getKey(), copied(each.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        var copy = Codec.array();
        array.forEach(each -> copy.add(copied(each)));
        yield copy;
      }
      default -> Objects.requireNonNullElse(whole(value), value);
    };
  }

  private static Dialect dialect() {
    var builder =
        Dialect.builder(Dialects.getDraft202012())
            .format(new EmailFormat())
            .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword));
    Spelling.formats().forEach(builder::format);
    return builder.build();
  }

  private static int countUpTo(JsonNode node, int most) {
    var count = 1;
    for (var child : node) {
      if (count >= most) {
        break;
      }
      count += countUpTo(child, most - count);
    }
    return count;
  }

  /// One registry a schema: two tools may use the same `$id` for different schemas.
  private static SchemaRegistry registry() {
    return SchemaRegistry.withDialect(
        DIALECT,
        builder ->
            builder
                .schemaLoader(loader -> loader.fetchRemoteResources(false).block(iri -> true))
                .schemaRegistryConfig(
                    SchemaRegistryConfig.builder()
                        .pathType(PathType.JSON_POINTER)
                        .locale(Locale.ROOT)
                        .build()));
  }
}
