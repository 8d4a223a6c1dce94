package trunkline.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import trunkline.testing.Requirement;

/// Goal: each platform's artifact has what the code expects, under the names that it expects.
/// Method: its jar from the local Maven repository, beside that of this machine; the programs'
/// first bytes say for which system and processor they were made. They are not run.
class PlatformBinariesTest {
  private static final List<String> PROGRAMS = List.of("initdb", "pg_ctl", "postgres");

  @ParameterizedTest
  @EnumSource
  void are_found_unpacked_and_made_for_it(Platform platform, @TempDir Path folder)
      throws IOException {
    var archive = archive(platform);
    var binaries = new PostgresBinaries(platform, folder.resolve("a b ü"));

    archive.unpack(binaries.folder());

    assertThat(archive.fingerprint()).hasSizeGreaterThan(4);
    for (var name : PROGRAMS) {
      var program = binaries.program(name);
      assertThat(machines(program)).as("%s", program).contains(platform);
      assertThat(platform.isWindows() || Files.isExecutable(program)).as("%s", program).isTrue();
    }
    assertThat(binaries.folder().resolve("share")).isDirectory();
  }

  /// The build of each platform takes the artifact of the same name that the code looks into.
  @Test
  void are_chosen_by_a_profile_of_the_build_each() throws Exception {
    var chosen = new TreeSet<Platform>(Set.of(Platform.LINUX_X64)); // without any profile
    var pom =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    assertThat(texts(pom.getDocumentElement(), "postgres-binaries.platform").getFirst())
        .isEqualTo(Platform.LINUX_X64.artifact());
    var profiles = pom.getElementsByTagName("profile");
    for (var i = 0; i < profiles.getLength(); i++) {
      var profile = (Element) profiles.item(i);
      for (var artifact : texts(profile, "postgres-binaries.platform")) {
        var system =
            texts(
                profile,
                profile.getElementsByTagName("family").getLength() > 0 ? "family" : "name");
        // Maven compares with os.arch as Java says it.
        var platform = Platform.of(system.getLast(), texts(profile, "arch").getFirst());
        assertThat(platform.artifact()).isEqualTo(artifact);
        chosen.add(platform);
      }
    }

    assertThat(chosen).containsExactly(Platform.values());
  }

  private static List<String> texts(Element parent, String tag) {
    var found = parent.getElementsByTagName(tag);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent().strip())
        .toList();
  }

  private static BinariesArchive archive(Platform platform) throws IOException {
    var own = BinariesArchive.of(Platform.ofThisMachine());
    var url = own.url().toString();
    var others = url.replace(Platform.ofThisMachine().artifact(), platform.artifact());
    var jar = Path.of(URI.create(others.substring("jar:".length(), others.indexOf("!/"))));
    if (!Files.exists(jar)) {
      throw Requirement.absent(
          "the local Maven repository lacks " + jar.getFileName() + ", which .ci/run fetches");
    }
    return new BinariesArchive(
        URI.create(others.substring(0, others.indexOf("!/")) + "!/" + platform.archive()).toURL());
  }

  /// For whom a program was made: ELF, a thin or universal Mach-O, or PE.
  private static Set<Platform> machines(Path program) throws IOException {
    var head = ByteBuffer.wrap(firstBytes(program));
    return switch (head.getInt(0)) {
      case 0x7f454c46 ->
          switch (head.order(ByteOrder.LITTLE_ENDIAN).getShort(18)) {
            case 0x3e -> Set.of(Platform.LINUX_X64);
            case (short) 0xb7 -> Set.of(Platform.LINUX_ARM64);
            default -> Set.of();
          };
      case 0xcafebabe -> universal(head);
      case 0xcffaedfe -> macs(head.order(ByteOrder.LITTLE_ENDIAN).getInt(4));
      default -> windows(head.order(ByteOrder.LITTLE_ENDIAN));
    };
  }

  private static Set<Platform> universal(ByteBuffer head) {
    var machines = new TreeSet<Platform>();
    for (var i = 0; i < head.getInt(4); i++) {
      machines.addAll(macs(head.getInt(8 + i * 20)));
    }
    return machines;
  }

  private static Set<Platform> macs(int processor) {
    return switch (processor) {
      case 0x01000007 -> Set.of(Platform.MAC_X64);
      case 0x0100000c -> Set.of(Platform.MAC_ARM64);
      default -> Set.of();
    };
  }

  private static Set<Platform> windows(ByteBuffer head) {
    var isProgram = head.getShort(0) == 0x5a4d; // MZ
    var header = head.getInt(0x3c);
    return isProgram && head.getInt(header) == 0x4550 && head.getShort(header + 4) == (short) 0x8664
        ? Set.of(Platform.WINDOWS_X64)
        : Set.of();
  }

  private static byte[] firstBytes(Path program) throws IOException {
    try (var bytes = Files.newInputStream(program)) {
      return bytes.readNBytes(4096);
    }
  }
}
