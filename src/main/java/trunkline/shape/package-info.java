/// What a Java type is in JSON: its schema, how a value is read and how it is written.
///
/// All three are derived from one description, a `Shape`, so that they cannot disagree: what the
/// schema accepts is bound, what is bound was accepted, and what is written satisfies the schema.
///
/// ```
///   Java type, annotations ──Derivation──▶ Shape ─┬─ schema()  JSON Schema 2020-12
///                                                 ├─ read()    JSON ⇒ value, or what is wrong
///                                                 └─ write()   value ⇒ JSON
/// ```
///
/// | shape | Java |
/// |---|---|
/// | `Text` | `String` |
/// | `Whole`, `Decimal`, `Flag` | integers, numbers, booleans |
/// | `Spelled` | what is a string with a grammar: dates and times, `Duration`, `UUID`, `URI`, `byte[]` |
/// | `Choice` | enums |
/// | `Sequence`, `Dictionary` | lists, sets, arrays; maps from strings |
/// | `Structure` | records |
/// | `Alternatives` | sealed interfaces of records, told apart by a property |
/// | `Converted` | types with `@JsonValue` and `@JsonCreator` |
/// | `Tree` | `JsonNode` and its kinds |
///
/// `Derivation` reads types, `Marks` their annotations. This package lies below `trunkline.feature`
/// and knows the annotations there by name, as it does those of Jakarta Validation, which is no
/// dependency; Jackson's it knows as classes.
///
/// ## Rules
///
/// - Whatever can't be held is refused when the type is read, by record and component: a type
///   without a shape, an annotation where it has no meaning, a default that does not fit.
/// - `null` for what may be absent is absent, though the schema does not say so: models send it all
///   day, and a schema with `null` in each type is one that some clients can't show.
/// - The judge of records is `read`, not a general validator: its texts say what is there and what
///   was expected, once. [trunkline.shape.JsonSchema] judges schemas that are given as text, and
///   everything that is sent.
/// - Bounds that a Java type has by nature (`int`, `long`, `float`) are in its schema.
/// - Formats mean what Java can hold: a `date-time` has an offset of at most 18 hours.
///
/// This package knows no tool and no MCP.
@NullMarked
package trunkline.shape;

import org.jspecify.annotations.NullMarked;
