package trunkline.tls;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.telemetry.ServerEvent;
import trunkline.telemetry.ServerEvent.CertificateExpiring;
import trunkline.telemetry.ServerEvent.CertificateRead;
import trunkline.telemetry.ServerEvent.CertificateUnread;
import trunkline.testing.TestAuthority;
import trunkline.testing.TestAuthority.Issued;

/// Goal: what is in the files is what new connections get, however the files were changed; and what
/// cannot be used changes nothing and is said.
class TlsFilesTest {
  private static TestAuthority authority;
  private static Issued former;
  private static Issued renewed;

  @TempDir private Path folder;
  private Path certificate;
  private Path key;
  private final List<ServerEvent> events = new ArrayList<>();
  private Instant now = Instant.now();

  @BeforeAll
  static void make(@TempDir Path made) {
    authority = TestAuthority.create(made);
    former = authority.issue("former", "CN=former");
    renewed = authority.issue("renewed", "CN=renewed");
  }

  @BeforeEach
  void place() throws IOException {
    certificate = folder.resolve("tls.crt");
    key = folder.resolve("tls.key");
    place(former);
  }

  private void place(Issued issued) throws IOException {
    Files.copy(issued.certificate(), certificate, REPLACE_EXISTING);
    Files.copy(issued.key(), key, REPLACE_EXISTING);
  }

  private TlsSettings settings() {
    return new TlsSettings(certificate, key, Optional.empty(), false);
  }

  private TlsFiles open() {
    var files = new TlsFiles(settings(), events::add, () -> now);
    events.clear();
    return files;
  }

  private void requireRefused(String... words) {
    assertThatThrownBy(() -> TlsFiles.requireUsable(settings()))
        .isInstanceOf(TlsUnusable.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  @Test
  void a_renewed_pair_is_used_from_the_next_look_on() throws IOException {
    var files = open();
    var before = files.identity().context();

    files.look();
    assertThat(files.identity().context()).isSameAs(before);
    place(renewed);
    files.look();

    assertThat(files.identity().subject()).isEqualTo("CN=renewed");
    assertThat(files.identity().context()).isNotSameAs(before); // no former session is resumed
    assertThat(events).singleElement().isInstanceOf(CertificateRead.class);
  }

  /// Kubernetes: `tls.crt` → `..data/tls.crt`, and `..data` is a link that is replaced as a whole.
  @Test
  void a_link_that_is_turned_is_seen_even_where_times_and_sizes_are_the_same() throws IOException {
    var time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    for (var issued : List.of(former, renewed)) {
      var version = Files.createDirectory(folder.resolve(".." + issued.alias()));
      Files.copy(issued.certificate(), version.resolve("tls.crt"));
      Files.copy(issued.key(), version.resolve("tls.key"));
      Files.setLastModifiedTime(version.resolve("tls.crt"), time);
      Files.setLastModifiedTime(version.resolve("tls.key"), time);
    }
    var data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..former"));
    for (var file : List.of(certificate, key)) {
      Files.delete(file);
      Files.createSymbolicLink(file, Path.of("..data").resolve(file.getFileName()));
    }
    var files = open();

    var next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..renewed"));
    Files.move(next, data, ATOMIC_MOVE);
    files.look();

    assertThat(files.identity().subject()).isEqualTo("CN=renewed");
  }

  @Test
  void half_of_a_change_is_no_fault_until_it_stays() throws IOException {
    var files = open();

    Files.copy(renewed.certificate(), certificate, REPLACE_EXISTING);
    files.look();
    assertThat(events).isEmpty();
    Files.copy(renewed.key(), key, REPLACE_EXISTING);
    files.look();
    assertThat(files.identity().subject()).isEqualTo("CN=renewed");

    Files.copy(former.key(), key, REPLACE_EXISTING, COPY_ATTRIBUTES);
    files.look();
    files.look();
    assertThat(files.identity().subject()).isEqualTo("CN=renewed");
    assertThat(events)
        .filteredOn(CertificateUnread.class::isInstance)
        .singleElement()
        .satisfies(event -> assertThat(event.toString()).contains("is not that of the first"));
  }

  @Test
  void files_that_are_gone_change_nothing_and_are_said() throws IOException {
    var files = open();
    Files.delete(key);
    files.look();
    files.look();

    assertThat(files.identity().subject()).isEqualTo("CN=former");
    assertThat(events)
        .containsExactly(new CertificateUnread("cannot read " + key + ": there is no such file"));

    place(renewed);
    files.look();
    assertThat(files.identity().subject()).isEqualTo("CN=renewed");
  }

  @Test
  void what_runs_out_is_said_ahead_once_a_day_and_not_after_its_renewal() throws IOException {
    var lasting = authority.issueFor("-1H", 90, "lasting", "CN=lasting");
    place(lasting);
    var files = open();
    var expires = files.expires();
    var expiring = new CertificateExpiring("CN=lasting", files.expires().toString());

    now = expires.minus(Duration.ofDays(15));
    files.look();
    assertThat(events).isEmpty();

    now = expires.minus(Duration.ofDays(13));
    files.look();
    assertThat(files.left()).isEqualTo(Duration.ofDays(13));
    now = now.plus(Duration.ofHours(23));
    files.look();
    assertThat(events).containsExactly(expiring);

    now = now.plus(Duration.ofHours(1));
    files.look();
    assertThat(events).containsExactly(expiring, expiring);

    now = expires.plusSeconds(60);
    files.look();
    assertThat(events).hasSize(3);
    assertThat(files.left()).isNegative();

    now = Instant.now();
    place(renewed);
    files.look();
    assertThat(events).hasSize(4).last().isInstanceOf(CertificateRead.class);
  }

  @Test
  void a_short_life_is_warned_of_in_its_last_fifth() {
    var files = open(); // of two days

    now = files.expires().minus(Duration.ofHours(10));
    files.look();
    assertThat(events).isEmpty();

    now = files.expires().minus(Duration.ofHours(9));
    files.look();
    assertThat(events).singleElement().isInstanceOf(CertificateExpiring.class);
  }

  @Test
  void at_the_start_each_fault_has_its_words() throws IOException {
    assertThatCode(() -> TlsFiles.requireUsable(settings())).doesNotThrowAnyException();

    Files.copy(renewed.key(), key, REPLACE_EXISTING);
    requireRefused("the private key in", "tls.key", "is not that of the first certificate in");

    Files.writeString(key, "nothing");
    requireRefused("there is no private key in", "tls.key");

    place(former);
    Files.writeString(certificate, Files.readString(former.key()));
    requireRefused("there is no certificate in", "tls.crt");

    Files.writeString(
        certificate,
        Files.readString(former.certificate()) + Files.readString(renewed.certificate()));
    requireRefused("certificate 2 of", "did not sign the one before it");

    Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
    requireRefused("certificate 1 of", "is damaged");

    Files.write(certificate, new byte[(1 << 20) + 1]);
    requireRefused("is larger than");
  }

  @Test
  void those_who_signed_it_may_follow_and_the_key_may_be_in_the_same_file() throws IOException {
    Files.writeString(
        certificate,
        Files.readString(former.certificate())
            + Files.readString(authority.certificate())
            + Files.readString(former.key()));
    key = certificate;

    assertThat(open().identity().subject()).isEqualTo("CN=former");
  }
}
