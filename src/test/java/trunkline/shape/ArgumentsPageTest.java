package trunkline.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import trunkline.feature.Default;
import trunkline.feature.Description;
import trunkline.feature.Length;
import trunkline.feature.Pattern;
import trunkline.feature.Range;
import trunkline.jsonrpc.Codec;

/// The page on arguments says what is so: its example binds, its errors read as it says, and the
/// annotations of its tables are those that exist.
class ArgumentsPageTest {
  private static final Path PAGE = Path.of("src/main/docs/arguments.md");

  record Order(
      @Description("as on the card") @Length(min = 1, max = 40) String dish,
      @Default("1") @Range(min = 1, max = 9) int pieces,
      Optional<LocalDate> day,
      List<@Pattern("[A-Z]{2}-\\d+") String> coupons,
      Delivery delivery) {}

  sealed interface Delivery permits Pickup, Courier {}

  record Pickup() implements Delivery {}

  record Courier(String street, @Default("0") int floor) implements Delivery {}

  @Test
  void its_example_is_bound() throws Exception {
    var example =
        java.util.regex.Pattern.compile("Arguments for it: `(.*)`").matcher(Files.readString(PAGE));
    assertThat(example.find()).isTrue();

    assertThat(Binding.of(Order.class).read(Codec.tree(example.group(1))))
        .isEqualTo(
            new Order("soup", 1, Optional.empty(), List.of("AB-12"), new Courier("Main", 0)));
  }

  @Test
  void its_errors_are_what_callers_read() throws IOException {
    var problems = new ArrayList<String>();
    for (var wrong :
        List.of(
            "{\"dish\":\"soup\",\"pieces\":12,\"coupons\":[\"12\"],\"day\":\"today\","
                + "\"delivery\":{\"type\":\"Post\"},\"colour\":1}",
            "{\"coupons\":[],\"delivery\":{\"type\":\"Pickup\"}}")) {
      problems.addAll(
          catchThrowableOfType(Misfit.class, () -> Binding.of(Order.class).read(Codec.tree(wrong)))
              .problems());
    }
    var block =
        java.util.regex.Pattern.compile("```\n(/.*?)\n```", java.util.regex.Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertThat(block.find()).isTrue();

    assertThat(block.group(1).lines()).containsExactlyInAnyOrderElementsOf(problems);
  }

  @Test
  void it_has_all_annotations_of_components() throws IOException {
    var page = Files.readString(PAGE);
    try (Stream<Path> files = Files.list(Path.of("src/main/java/trunkline/feature"))) {
      for (var file : files.toList()) {
        var declared =
            java.util.regex.Pattern.compile("public @interface (\\w+)")
                .matcher(Files.readString(file));
        if (declared.find()) {
          assertThat(page).contains("`@" + declared.group(1));
        }
      }
    }
  }
}
