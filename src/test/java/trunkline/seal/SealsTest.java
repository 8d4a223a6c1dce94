package trunkline.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.seal.Opened.Content;
import trunkline.seal.Opened.Expired;
import trunkline.seal.Opened.Forged;
import trunkline.store.DatabaseUnavailable;
import trunkline.telemetry.ServerEvent.SealKeysUnread;
import trunkline.telemetry.ServerEvent.SealRefused;
import trunkline.testing.EventLog;

/// What was sealed here opens, for what it was sealed for and for as long; nothing else does.
class SealsTest {
  private static final byte[] CONTENT = "round 2, answers so far".getBytes(UTF_8);
  private static final byte[] ADA = "ada tools/call bake".getBytes(UTF_8);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final MemoryKeys keys = new MemoryKeys();
  private final MemoryKeys.View database = keys.new View();
  private final EventLog events = new EventLog();
  private final Seals seals = instance(database);

  private Seals instance(MemoryKeys.View view) {
    var instance = new Seals(view, keys::nanos, SealPolicy.DEFAULT, events);
    instance.start();
    return instance;
  }

  private String token() {
    return seals.seal(CONTENT, ADA, TEN_MINUTES);
  }

  private void requireContent(Seals where, String token) {
    assertThat(where.open(token, ADA))
        .isInstanceOfSatisfying(
            Content.class, content -> assertThat(content.bytes()).isEqualTo(CONTENT));
  }

  private void requireForged(String token) {
    assertThat(seals.open(token, ADA)).as(token).isEqualTo(new Forged());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 15, 16, 17, 1_000, 100_000})
  void what_is_sealed_opens(int size) {
    var content = new byte[size];
    new Random(size).nextBytes(content);

    var token = seals.seal(content, ADA, TEN_MINUTES);

    assertThat(token)
        .matches("v1\\.[A-Za-z0-9_-]+")
        .hasSize(3 + (52 + size) * 4 / 3 + (((52 + size) % 3 == 0) ? 0 : 1));
    assertThat(seals.open(token, ADA))
        .isInstanceOfSatisfying(
            Content.class, opened -> assertThat(opened.bytes()).isEqualTo(content));
    assertThat(events.count(SealRefused.class)).isZero();
  }

  @Test
  void another_instance_opens_it() {
    requireContent(instance(keys.new View()), token());
  }

  @Test
  void two_tokens_of_one_content_have_nothing_to_compare() {
    var bytes = Base64.getUrlDecoder().decode(token().substring(3));
    var others = Base64.getUrlDecoder().decode(token().substring(3));

    assertThat(new String(bytes, UTF_8)).doesNotContain("round");
    assertThat(Base64.getEncoder().encodeToString(bytes).substring(36))
        .isNotEqualTo(Base64.getEncoder().encodeToString(others).substring(36));
  }

  @Test
  void a_changed_character_is_a_forgery_wherever_it_is() {
    var token = token();
    for (var at = 0; at < token.length(); at++) {
      for (var other : new char[] {next(token.charAt(at)), 'A', '=', '.', '+', ' ', 'é'}) {
        if (other != token.charAt(at)) {
          requireForged(token.substring(0, at) + other + token.substring(at + 1));
        }
      }
    }
  }

  @Test
  void a_changed_bit_is_a_forgery_wherever_it_is() {
    var bytes = Base64.getUrlDecoder().decode(token().substring(3));
    for (var bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
      keys.pass(Duration.ofMillis(1));
      bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      requireForged("v1." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
    }
    requireContent(seals, "v1." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// The spare bits of the last character, padding, the other alphabet: each decodes to the same.
  @Test
  void a_token_has_one_spelling() {
    for (var size = 0; size < 3; size++) {
      var token = seals.seal(new byte[size], ADA, TEN_MINUTES);
      var last = token.length() - 1;
      var value = ALPHABET.indexOf(token.charAt(last));
      for (var spare = 1; spare < 4; spare++) {
        requireForged(token.substring(0, last) + ALPHABET.charAt((value ^ spare) % 64));
      }
      requireForged(token + "=");
      requireForged(token + "==");
      requireForged(" " + token);
      requireForged(token + "\n");
    }
  }

  private static char next(char c) {
    return ALPHABET.charAt((ALPHABET.indexOf(c) + 1) % ALPHABET.length());
  }

  @Test
  void a_shortened_or_lengthened_token_is_a_forgery() {
    var token = token();
    for (var length = 0; length < token.length(); length++) {
      requireForged(token.substring(0, length));
      requireForged(token.substring(token.length() - length));
    }
    for (var more : new String[] {"A", "AA", "AAA", "AAAA", token, ".AAAA"}) {
      requireForged(token + more);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2.", "v0.", "V1.", "v10.", "v1", "", "v1..", "v1:"})
  void another_version_is_a_forgery(String version) {
    requireForged(version + token().substring(3));
  }

  private static Stream<String> garbage() {
    var random = new Random(28);
    return Stream.concat(
        Stream.of(
            "", "v1.", "v1.=", "v1.====", "\0", "v1.\0", "null", "{}", "v1." + "A".repeat(1 << 20)),
        Stream.iterate(0, length -> length < 400, length -> length + 7)
            .flatMap(length -> {
              var bytes = new byte[length];
              random.nextBytes(bytes);
              var letters = new StringBuilder();
              random.ints(length, 0, 64).forEach(i -> letters.append(ALPHABET.charAt(i)));
              return Stream.of(
                  "v1." + letters,
                  letters.toString(),
                  "v1." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                  "v1." + Base64.getEncoder().encodeToString(bytes),
                  new String(bytes, UTF_8));
            }));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbage_is_a_forgery(String token) {
    requireForged(token);
    assertThat(events.all(SealRefused.class)).containsExactly(new SealRefused("forged"));
  }

  @Test
  void it_holds_for_what_it_was_sealed_for() {
    var token = token();
    for (var other : new String[] {"", "ada", "ada tools/call bake ", "eve tools/call bake"}) {
      assertThat(seals.open(token, other.getBytes(UTF_8))).isEqualTo(new Forged());
    }
    requireContent(seals, token);
  }

  @Test
  void it_holds_for_as_long_as_it_was_sealed_for_and_some_seconds() {
    var token = token();
    keys.pass(TEN_MINUTES.plus(SealPolicy.DEFAULT.tolerance()));
    requireContent(seals, token);

    keys.pass(Duration.ofMillis(2)); // its end is in milliseconds

    assertThat(seals.open(token, ADA)).isEqualTo(new Expired());
    assertThat(seals.open(token, new byte[0])).as("and for somebody else").isEqualTo(new Forged());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 24 * 3_600 + 1})
  void a_seal_holds_for_a_day_at_most(long seconds) {
    assertThatThrownBy(() -> seals.seal(CONTENT, ADA, Duration.ofSeconds(seconds)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void neither_sealing_nor_opening_asks_the_database() {
    var before = keys.reads();
    for (var i = 0; i < 1_000; i++) {
      requireContent(seals, token());
    }
    assertThat(keys.reads()).isEqualTo(before);
  }

  /// A thousand ids that nobody has, in a second and a bit.
  @Test
  void ids_of_keys_that_do_not_exist_cost_one_read_a_second() {
    var before = keys.reads();
    var random = new Random(3);
    for (var i = 0; i <= 1_000; i++) {
      var bytes = new byte[80];
      random.nextBytes(bytes);
      requireForged("v1." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      keys.pass(Duration.ofMillis(2));
    }
    assertThat(keys.reads() - before).isEqualTo(3);
  }

  /// It was frozen while the key was made known.
  @Test
  void a_key_that_was_not_heard_of_is_read_when_a_token_needs_it() {
    var late = instance(keys.new View());
    keys.rotate();
    keys.pass(MemoryKeys.MARGIN);
    var _ = seals.reread();
    var token = token();

    requireContent(late, token);
    requireContent(seals, late.seal(CONTENT, ADA, TEN_MINUTES));
  }

  @Test
  void without_the_database_known_keys_go_on_and_nothing_is_called_forged_that_may_be_good() {
    var cut = keys.new View();
    var here = instance(cut);
    cut.cut();
    requireContent(here, token());
    requireContent(seals, here.seal(CONTENT, ADA, TEN_MINUTES));
    keys.rotate();
    keys.pass(MemoryKeys.MARGIN);
    var _ = seals.reread();
    var token = token();

    for (var i = 0; i < 3; i++) { // the second does not ask again
      assertThatThrownBy(() -> here.open(token, ADA)).isInstanceOf(DatabaseUnavailable.class);
    }
    assertThat(events.count(SealKeysUnread.class)).isOne();
    requireContent(here, here.seal(CONTENT, ADA, TEN_MINUTES));

    cut.heal();
    keys.pass(SealPolicy.DEFAULT.pause());
    requireContent(here, token);
  }

  /// What it sealed might outlive its key.
  @Test
  void who_has_not_read_the_keys_for_a_day_seals_no_more() {
    var token = seals.seal(CONTENT, ADA, Seals.VALIDITY_MAX);
    database.cut();
    keys.pass(SealPolicy.DEFAULT.ageMax());
    var last = token();
    keys.pass(Duration.ofSeconds(1));

    assertThatThrownBy(this::token).isInstanceOf(DatabaseUnavailable.class);
    requireContent(seals, last);
    requireContent(seals, token);

    database.heal();
    keys.pass(SealPolicy.DEFAULT.pause());
    requireContent(seals, token());
  }

  @Test
  void a_new_beginning_forgets_what_it_knew() {
    var token = token();
    keys.clear();
    requireContent(seals, token);

    seals.restart();

    requireForged(token);
    requireContent(seals, token());
    assertThat(keys.size()).as("a first key was made").isOne();
  }

  /// Not even what it was told before: that may be of the other database.
  @Test
  void a_new_beginning_without_the_database_seals_nothing() {
    database.cut();
    var token = token();
    seals.restart();

    assertThatThrownBy(this::token).isInstanceOf(DatabaseUnavailable.class);
    assertThatThrownBy(() -> seals.open(token, ADA)).isInstanceOf(DatabaseUnavailable.class);

    database.heal();
    keys.pass(SealPolicy.DEFAULT.pause());
    requireContent(seals, token());
  }
}
