package trunkline.shape;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NegativeOrZero;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Default;
import trunkline.feature.Description;
import trunkline.feature.Length;
import trunkline.feature.Pattern;
import trunkline.feature.Range;
import trunkline.feature.Title;

/// One record, at least, for each thing that a record may hold.
@SuppressWarnings({"ArrayRecordComponent", "unused"})
final class Zoo {
  private Zoo() {}

  record Texts(String a, String b) {}

  record Lengths(@Length(min = 2, max = 5) String a, @Length(max = 1) Optional<String> b) {}

  record Patterned(@Pattern("[A-Z]{2}-\\d{1,3}") String code, @Pattern("^a|b$") String either) {}

  record Bytes(byte a, @Nullable Byte b) {}

  record Shorts(short a, Optional<Short> b) {}

  record Ints(int a, @Nullable Integer b, OptionalInt c) {}

  record Longs(long a, @Nullable Long b, OptionalLong c) {}

  record Bigs(BigInteger a, BigDecimal b) {}

  record Floats(float a, @Nullable Float b) {}

  record Doubles(double a, @Nullable Double b, OptionalDouble c) {}

  record Flags(boolean a, @Nullable Boolean b, @Default("true") boolean c) {}

  record Ranges(
      @Range(min = 1, max = 9) int a,
      @Range(min = -0.5, max = 0.5) double b,
      @Range(max = 1e19) long c,
      @Range(min = 0.1) float d,
      @Range(min = 0) BigDecimal e,
      @Range(min = 2) OptionalInt f) {}

  enum Size3 {
    SMALL,
    MEDIUM,
    LARGE
  }

  enum Titled {
    @Title("Red as a rose")
    RED,
    @Description("no colour at all")
    NONE
  }

  enum Renamed {
    @JsonProperty("up-wards")
    UP,
    DOWN
  }

  enum Valued {
    ONE("1st"),
    TWO("2nd");

    private final String text;

    Valued(String text) {
      this.text = text;
    }

    @JsonValue
    String text() {
      return text;
    }

    @JsonCreator
    static Valued of(String text) {
      return text.equals("1st") ? ONE : TWO;
    }
  }

  enum Numbered {
    LOW(1),
    HIGH(10);

    @JsonValue final int level;

    Numbered(int level) {
      this.level = level;
    }
  }

  enum Bodied {
    A {
      @Override
      int weight() {
        return 1;
      }
    };

    abstract int weight();
  }

  record Enums(Size3 a, @Default("SMALL") Size3 b, Optional<Size3> c, List<Size3> d, Bodied e) {}

  record TitledEnums(Titled a, List<Titled> b, @Default("RED") Titled c) {}

  record RenamedEnums(Renamed a, @Default("up-wards") Renamed b) {}

  record ValuedEnums(Valued a, Set<Valued> b, Map<String, Valued> c) {}

  record NumberedEnums(Numbered a, List<Numbered> b, @Default("10") Numbered c) {}

  record Dates(LocalDate a, @Default("2026-11-29") LocalDate b, Optional<LocalDate> c) {}

  record Times(LocalTime a, @Nullable LocalTime b, @Default("08:00") LocalTime c) {}

  record DateTimes(LocalDateTime a, @Default("2026-11-29T08:00") LocalDateTime b) {}

  record Instants(Instant a, @Nullable Instant b) {}

  record Offsets(OffsetDateTime a, List<OffsetDateTime> b) {}

  record Durations(Duration a, @Default("PT5M") Duration b) {}

  record Ids(UUID a, Optional<UUID> b, Set<UUID> c) {}

  record Addresses(URI a, @Default("https://example.org/") URI b) {}

  record Blob(byte[] a, byte @Nullable [] b) {}

  record Strings(List<String> a, Set<String> b, Collection<String> c) {}

  record Arrays(String[] a, int[] b, double[] c, boolean[] d, Size3[] e, long[][] f) {}

  record ArrayLimits(
      @Length(min = 1, max = 2) String[] a, @Range(min = 1) int[] b, @Size(min = 1) byte[][] c) {}

  record Counted(
      @Length(min = 1) List<String> a,
      @Length(max = 2) Set<Integer> b,
      @Length(max = 1) Map<String, String> c) {}

  record Elements(
      List<@Length(min = 1) String> a,
      Map<String, @Range(min = 1, max = 5) Integer> b,
      Optional<@Pattern("x+") String> c,
      List<@Min(3) Long> d) {}

  record Sets(Set<Integer> a, Set<Double> b, Set<Instant> c, Set<Point> d) {}

  record Maps(
      Map<String, Integer> a, Map<String, List<String>> b, Map<String, Map<String, Boolean>> c) {}

  record Deep(List<List<Map<String, Set<Integer>>>> a) {}

  record Trees(JsonNode a, ObjectNode b, ArrayNode c, Optional<JsonNode> d, @Nullable JsonNode e) {}

  record TreeDefaults(@Default("{\"a\":[1]}") JsonNode a, @Default("[null]") ArrayNode b) {}

  record Empty() {}

  record Point(int x, @Default("7") int y) {}

  record Nested(Point a, Optional<Point> b, @Nullable Point c, @Default("{\"x\":1}") Point d) {}

  record NestedMany(List<Point> a, Map<String, Point> b, Set<Point> c, Point[] d) {}

  record NestedDeeper(Optional<NestedMany> a, List<Nested> b) {}

  record Defaults(
      @Default("5") int a,
      @Default("x") String b,
      @Default("[]") List<String> c,
      @Default("[1,2]") Set<Integer> d,
      @Default("{}") Map<String, Integer> e,
      @Default("0.5") double f,
      @Default("3") Optional<Integer> g,
      @Default("4") OptionalLong h,
      @Default("[3]") int[] i,
      @Default("") String j) {}

  record Page<T>(List<T> items, Optional<String> next) {}

  record Pair<A, B>(A first, B second) {}

  record Pages(Page<String> a, Page<Point> b, Page<Page<Integer>> c) {}

  record Pairs(Pair<String, Integer> a, Pair<List<Point>, Optional2<Double>> b) {}

  record Optional2<T>(@Nullable T value) {}

  record Same<T extends Comparable<T>>(T[] all, Map<String, T> named) {}

  record Sames(Same<Integer> a, Same<String> b) {}

  record Bounded(List<? extends Point> a) {}

  sealed interface Figure permits Circle, Square, Round {}

  @Title("A circle")
  record Circle(double radius) implements Figure {}

  record Square(double side, @Default("false") boolean rounded) implements Figure {}

  sealed interface Round extends Figure permits Ball, Egg {}

  record Ball() implements Round {}

  record Egg(Optional<String> colour) implements Round {}

  record Figures(
      Figure a, Optional<Figure> b, List<Figure> c, Map<String, Round> d, @Nullable Round e) {}

  record FigureDefault(@Default("{\"type\":\"Ball\"}") Figure a) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Card.class, name = "card"),
    @JsonSubTypes.Type(Cash.class)
  })
  sealed interface Payment permits Card, Cash {}

  record Card(@Pattern("\\d{4}") String digits, String type) implements Payment {}

  @JsonTypeName("cash")
  record Cash(@Positive int amount) implements Payment {}

  record Payments(Payment a, List<Payment> b) {}

  sealed interface Result<T> permits Ok, Failed {}

  record Ok<T>(T value) implements Result<T> {}

  record Failed<T>(String reason) implements Result<T> {}

  record Results(Result<Point> a, List<Result<List<String>>> b) {}

  record Blank(@NotBlank String a, @Nullable @NotBlank String b, List<@NotBlank String> c) {}

  record NotEmptyOnes(
      @NotEmpty String a, @NotEmpty List<String> b, @NotEmpty Map<String, String> c) {}

  record Sized(@Size(min = 1, max = 3) String a, @Size(max = 2) List<@NotNull Integer> b) {}

  record Bounds2(
      @Min(1) @Max(10) int a,
      @Min(-5) long b,
      @Max(0) BigInteger c,
      @Min(1) @Range(max = 3) int d) {}

  record Signs(
      @Positive int a,
      @PositiveOrZero double b,
      @Negative long c,
      @NegativeOrZero float d,
      @Positive BigDecimal e) {}

  record Decimals(
      @DecimalMin("0.1") @DecimalMax(value = "9.9", inclusive = false) double a,
      @DecimalMin(value = "0", inclusive = false) BigDecimal b,
      @DecimalMax("99999999999999999999") BigInteger c) {}

  record JakartaPatterns(
      @jakarta.validation.constraints.Pattern(regexp = "[a-z]+") String a,
      @NotBlank @jakarta.validation.constraints.Pattern(regexp = "..") @Size(max = 9) String b) {}

  record Mails(@Email String a, @Nullable @Email @NotBlank String b) {}

  record NamedBack(
      @JsonProperty("first_name") String firstName,
      @JsonProperty(required = true) Optional<String> b) {}

  record Hidden(
      String a,
      @JsonIgnore int b,
      @JsonIgnore @Nullable Thread c,
      @JsonIgnore @Default("9") int d) {}

  @JsonIgnoreProperties(value = "b", ignoreUnknown = true)
  record Open(String a, Optional<String> b) {}

  @Description("who")
  record Described(@JsonPropertyDescription("the name") @Title("Name") String name) {}

  record Isbn(@JsonValue @Pattern("\\d{10}") String text) {}

  static final class Amount {
    private final long cents;

    private Amount(long cents) {
      this.cents = cents;
    }

    @JsonCreator
    static Amount ofCents(long cents) {
      return new Amount(cents);
    }

    @JsonValue
    long cents() {
      return cents;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Amount that && that.cents == cents;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(cents);
    }
  }

  record Tags(@JsonValue List<String> all) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Tags {}
  }

  record Values(
      Isbn a, Amount b, Optional<Isbn> c, List<Amount> d, @Default("7") Amount e, Tags f) {}

  record Created(int low, int high) {
    @JsonCreator
    static Created between(@JsonProperty("high") int high, @JsonProperty("low") int low) {
      return new Created(low, high);
    }
  }

  record CreatedCompact(@JsonProperty("the-name") String name, int b) {
    @JsonCreator
    CreatedCompact {}
  }

  record Odd(
      @JsonProperty("a/b~c") String a,
      @JsonProperty("ä €") int b,
      @JsonProperty("$ref") String c) {}

  record Everything(
      Texts a,
      Ranges b,
      Enums c,
      Dates d,
      Defaults e,
      Figures f,
      Pages g,
      Values h,
      Blank i,
      Trees j) {}

  private static final List<Class<?>> CLASSES =
      List.of(
          Texts.class,
          Lengths.class,
          Patterned.class,
          Bytes.class,
          Shorts.class,
          Ints.class,
          Longs.class,
          Bigs.class,
          Floats.class,
          Doubles.class,
          Flags.class,
          Ranges.class,
          Enums.class,
          TitledEnums.class,
          RenamedEnums.class,
          ValuedEnums.class,
          NumberedEnums.class,
          Dates.class,
          Times.class,
          DateTimes.class,
          Instants.class,
          Offsets.class,
          Durations.class,
          Ids.class,
          Addresses.class,
          Blob.class,
          Strings.class,
          Arrays.class,
          ArrayLimits.class,
          Counted.class,
          Elements.class,
          Sets.class,
          Maps.class,
          Deep.class,
          Trees.class,
          TreeDefaults.class,
          Empty.class,
          Point.class,
          Nested.class,
          NestedMany.class,
          NestedDeeper.class,
          Defaults.class,
          Pages.class,
          Pairs.class,
          Sames.class,
          Bounded.class,
          Figure.class,
          Round.class,
          Circle.class,
          Figures.class,
          FigureDefault.class,
          Payment.class,
          Payments.class,
          Results.class,
          Blank.class,
          NotEmptyOnes.class,
          Sized.class,
          Bounds2.class,
          Signs.class,
          Decimals.class,
          JakartaPatterns.class,
          Mails.class,
          NamedBack.class,
          Hidden.class,
          Open.class,
          Described.class,
          Values.class,
          Created.class,
          CreatedCompact.class,
          Odd.class,
          Everything.class);

  record Animal(String name, Binding<?> binding) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Animal> animals() {
    return Stream.concat(
        CLASSES.stream().map(type -> new Animal(type.getSimpleName(), Binding.of(type))),
        Stream.of(
            new Animal("Page<Point>", Binding.of(new TypeReference<Page<Point>>() {})),
            new Animal(
                "Page<Map<String, Figure>>",
                Binding.of(new TypeReference<Page<Map<String, Figure>>>() {})),
            new Animal(
                "Page<@Length String>",
                Binding.of(new TypeReference<Page<@Length(min = 2) String>>() {})),
            new Animal("Result<Instant>", Binding.of(new TypeReference<Result<Instant>>() {}))));
  }
}
