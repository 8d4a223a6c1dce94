package trunkline.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.feature.Default;
import trunkline.feature.Length;
import trunkline.feature.Pattern;
import trunkline.feature.Range;
import trunkline.jsonrpc.Codec;

/// What is refused, when and in which words: a type when a tool is built, a document when it comes,
/// a value when it is answered.
@SuppressWarnings({"ArrayRecordComponent", "unused"})
class RefusalsTest {
  record DefaultOfWords(@Default("x") int count) {}

  record DefaultTooSmall(@Default("0") @Range(min = 1) int count) {}

  record DefaultOfNobody(@Default("{}") Inner inner) {}

  record DefaultDate(@Default("tomorrow") LocalDate day) {}

  record RangeOfText(@Range(min = 1) String text) {}

  record RangeOfList(@Range(min = 1) List<Integer> list) {}

  record LengthOfNumber(@Length(min = 1) int count) {}

  record PatternOfNumber(@Pattern("x") int count) {}

  record NoPattern(@Pattern("(") String text) {}

  record JavaPattern(@Pattern("(?i)x") String text) {}

  record EmptyRange(@Range(min = 5, max = 1) int count) {}

  record EmptyLength(@Length(min = 5, max = 1) String text) {}

  record BlankNumber(@NotBlank Integer count) {}

  record InTheFuture(@Future Instant moment) {}

  record NullInList(List<@Nullable String> list) {}

  record OptionalInList(List<Optional<String>> list) {}

  record NullablePrimitive(
      @JsonProperty("c") @SuppressWarnings("NullAway") int count, Thread thread) {}

  record MapOfNumbers(Map<Integer, String> map) {}

  @SuppressWarnings("rawtypes")
  record RawList(List list) {}

  record Inner(String text) {}

  record Outer(Inner inner, List<Odd> odd) {}

  record Odd(Thread thread) {}

  record Itself(List<Itself> children) {}

  record Generic<T>(T value) {}

  record Formatted(@JsonFormat(pattern = "dd.MM.yyyy") LocalDate day) {}

  record Unwrapped(@JsonUnwrapped Inner inner) {}

  record Twice(@JsonProperty("a") String b, String a) {}

  record OneWay(@JsonValue String text, int more) {}

  record OtherWay(String text) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static OtherWay of(String text) {
      return new OtherWay(text);
    }
  }

  record OtherNames(String text) {
    @JsonCreator
    static OtherNames of(@JsonProperty("other") String text) {
      return new OtherNames(text);
    }
  }

  enum Unlike {
    A;

    @JsonCreator
    static Unlike of(String text) {
      throw new IllegalArgumentException(text);
    }
  }

  record Unliked(Unlike a) {}

  sealed interface Kind permits Typed, Other {}

  record Typed(String type) implements Kind {}

  record Other() implements Kind {}

  record Kinded(Kind kind) {}

  sealed interface Open permits Final {}

  static final class Final implements Open {}

  record Opened(Open open) {}

  static Stream<Arguments> types() {
    return Stream.of(
        arguments(
            DefaultOfWords.class,
            "DefaultOfWords.count: @Default(\"x\") is no JSON, expected an integer from -2147483648 to"
                + " 2147483647 as JSON"),
        arguments(
            DefaultTooSmall.class,
            "DefaultTooSmall.count: @Default(\"0\"): is the number 0, expected an integer from 1 to"
                + " 2147483647"),
        arguments(
            DefaultOfNobody.class,
            "DefaultOfNobody.inner: @Default(\"{}\"): the required property 'text' is missing"),
        arguments(
            DefaultDate.class,
            "DefaultDate.day: @Default(\"tomorrow\"): does not fit, expected a date such as"
                + " 2026-11-29"),
        arguments(RangeOfText.class, "RangeOfText.text: @Range is for numbers, not a string"),
        arguments(RangeOfList.class, "RangeOfList.list: @Range is for numbers, not an array"),
        arguments(
            LengthOfNumber.class,
            "LengthOfNumber.count: @Length is for texts, lists and maps, not an integer from"
                + " -2147483648 to 2147483647"),
        arguments(
            PatternOfNumber.class, "PatternOfNumber.count: @Pattern is for texts, not an integer"),
        arguments(NoPattern.class, "NoPattern.text: @Pattern(\"(\") is no regular expression"),
        arguments(
            JavaPattern.class,
            "JavaPattern.text: @Pattern(\"(?i)x\") uses (?i), which JSON Schema's regular expressions"
                + " lack"),
        arguments(EmptyRange.class, "EmptyRange.count: @Range leaves no number"),
        arguments(
            EmptyLength.class, "EmptyLength.text: @Length goes from 5 to 1, which nothing fits"),
        arguments(BlankNumber.class, "BlankNumber.count: @NotBlank is for texts, not an integer"),
        arguments(
            InTheFuture.class,
            "InTheFuture.moment: @Future can't be said in a JSON schema; check it in the record's"
                + " constructor instead"),
        arguments(
            NullInList.class,
            "NullInList.list: what is in a list, map or array can't be @Nullable"),
        arguments(
            OptionalInList.class, "OptionalInList.list: Optional is for components of records"),
        arguments(
            NullablePrimitive.class,
            "NullablePrimitive.thread: no schema can be derived for java.lang.Thread; give it as JSON text instead"),
        arguments(
            MapOfNumbers.class, "MapOfNumbers.map: no schema can be derived for java.util.Map"),
        arguments(RawList.class, "RawList.list: a List of what, is not said"),
        arguments(
            Outer.class, "Outer.odd: Odd.thread: no schema can be derived for java.lang.Thread"),
        arguments(Itself.class, "contains itself; give the schema as JSON text instead"),
        arguments(Generic.class, "Generic.value: it is not said what T is"),
        arguments(Formatted.class, "Formatted.day: @JsonFormat is not followed here"),
        arguments(Unwrapped.class, "Unwrapped.inner: @JsonUnwrapped is not followed here"),
        arguments(Twice.class, "Twice has two properties named 'a'"),
        arguments(OneWay.class, "is written as its @JsonValue and has no @JsonCreator"),
        arguments(OtherWay.class, "OtherWay is made from one value by its @JsonCreator"),
        arguments(OtherNames.class, "OtherNames: its @JsonCreator takes other properties than"),
        arguments(Unliked.class, "its @JsonCreator does not make A from \"A\""),
        arguments(
            Kinded.class, "Kinded.kind: Typed has a component 'type', which is what tells it from"),
        arguments(
            Opened.class, "is an alternative of " + Open.class.getName() + " and not a record"),
        arguments(String.class, "java.lang.String is a string in JSON; an object is wanted"));
  }

  @ParameterizedTest
  @MethodSource("types")
  void a_type_is_refused_by_record_and_component(Class<?> type, String message) {
    assertThatThrownBy(() -> Binding.of(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  record Order(
      @Length(min = 2, max = 4) String name,
      @Range(min = 1, max = 9) int pieces,
      Optional<@Min(3) Integer> more,
      LocalDate day,
      Set<Integer> sizes,
      Optional<Kind2> kind,
      Map<String, Inner> inners) {}

  sealed interface Kind2 permits Left, Right {}

  record Left() implements Kind2 {}

  record Right(boolean far) implements Kind2 {}

  static Stream<Arguments> documents() {
    return Stream.of(
        arguments("{\"name\":5}", "/name: is the number 5, expected a string of 2 to 4 characters"),
        arguments(
            "{\"name\":\"a\"}", "/name: has 1 characters, expected a string of 2 to 4 characters"),
        arguments("{\"pieces\":10}", "/pieces: is the number 10, expected an integer from 1 to 9"),
        arguments("{\"pieces\":\"5\"}", "/pieces: is a string, expected an integer from 1 to 9"),
        arguments("{\"pieces\":null}", "/pieces: is null, expected an integer from 1 to 9"),
        arguments(
            "{\"pieces\":1.5}", "/pieces: is the number 1.5, expected an integer from 1 to 9"),
        arguments(
            "{\"more\":2}", "/more: is the number 2, expected an integer from 3 to 2147483647"),
        arguments("{\"day\":\"today\"}", "/day: does not fit, expected a date such as 2026-11-29"),
        arguments(
            "{\"sizes\":[1,2,1.0]}", "/sizes/2: stands there twice, expected different elements"),
        arguments(
            "{\"kind\":{}}",
            "/kind: the required property 'type' is missing, expected 'Left' or 'Right'"),
        arguments(
            "{\"kind\":{\"type\":\"Up\"}}",
            "/kind/type: is none of the kinds, expected 'Left' or 'Right'"),
        arguments(
            "{\"kind\":{\"type\":\"Right\"}}", "/kind: the required property 'far' is missing"),
        arguments(
            "{\"kind\":{\"type\":\"Left\",\"x\":1}}", "/kind: unknown property 'x', expected none"),
        arguments(
            "{\"inners\":{\"a/b\":{\"text\":true}}}",
            "/inners/a~1b/text: is a boolean, expected a string"),
        arguments(
            "{\"colour\":1}",
            "unknown property 'colour', expected name, pieces, more, day, sizes, kind, inners"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void a_document_is_refused_with_what_is_there_and_what_was_expected(
      String wrong, String problem) {
    var order =
        Codec.objectFrom(
            """
            {"name": "Ada", "pieces": 1, "day": "2026-11-29", "sizes": [], "inners": {}}
            """);
    order.setAll(Codec.objectFrom(wrong));

    assertThatThrownBy(() -> Binding.of(Order.class).read(order))
        .isInstanceOfSatisfying(
            Misfit.class, misfit -> assertThat(misfit.problems()).containsExactly(problem));
  }

  @Test
  void what_is_missing_is_named_and_five_problems_are_enough() {
    assertThatThrownBy(() -> Binding.of(Order.class).read(Codec.object().put("a", 1).put("b", 2)))
        .isInstanceOfSatisfying(
            Misfit.class,
            misfit ->
                assertThat(misfit.problems())
                    .hasSize(5)
                    .contains("the required property 'name' is missing"));
  }

  record Answer(
      double value,
      List<String> list,
      Optional<Instant> moment,
      Optional<URI> page,
      Optional<Duration> patience) {}

  @SuppressWarnings("NullAway") // what handlers do
  static Stream<Arguments> values() {
    Optional<Instant> never = Optional.empty();
    Optional<URI> none = Optional.empty();
    Optional<Duration> no = Optional.empty();
    return Stream.of(
        arguments(
            new Answer(Double.NaN, List.of(), never, none, no),
            "Answer.value: is NaN, which is no number of JSON"),
        arguments(
            new Answer(1, null, never, none, no),
            "Answer.list: is null, and required; make it Optional or @Nullable to leave it out"),
        arguments(
            new Answer(1, Arrays.asList("a", null), never, none, no),
            "Answer.list: element 1: is null, which a list does not hold"),
        arguments(
            new Answer(1, List.of(), Optional.of(Instant.MAX), none, no),
            "Answer.moment: is +1000000000-12-31T23:59:59.999999999Z, expected a date and time with"
                + " offset"),
        arguments(
            new Answer(1, List.of(), never, Optional.of(URI.create("/x")), no),
            "Answer.page: is /x, expected an absolute URI"),
        arguments(
            new Answer(1, List.of(), never, none, Optional.of(Duration.ofSeconds(Long.MAX_VALUE))),
            "Answer.patience: is PT2562047788015215H30M7S, expected a duration"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void an_answer_that_its_schema_does_not_know_is_refused(Answer answer, String message) {
    assertThatThrownBy(() -> Binding.of(Answer.class).write(answer))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(message);
  }
}
