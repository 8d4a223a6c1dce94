package trunkline.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A disk of a few megabytes that a test can fill and clear. Mounting one takes root's rights,
/// which a machine may withhold.
public final class SmallDisk implements AutoCloseable {
  private final Path place;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /// Before the server starts that shall use it.
  public static SmallDisk mount(Path place, int megabytes) throws IOException {
    Files.createDirectory(place);
    if (run(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            "mode=755,size=" + megabytes + "m",
            "tmpfs",
            place.toString())
        != 0) {
      throw Requirement.forbidden("a disk of its own cannot be mounted");
    }
    return new SmallDisk(place);
  }

  /// A folder on it that belongs to whom that other one belongs.
  public Path folder(String name, Path likeThat) throws IOException {
    var folder = Files.createDirectory(place.resolve(name));
    if (run("chown", "--reference=" + likeThat, folder.toString()) != 0) {
      throw new IOException("cannot give " + folder + " away");
    }
    return folder;
  }

  /// Takes all the room that is left.
  public void fill() throws IOException {
    var ballast = new byte[4096];
    try (OutputStream file = Files.newOutputStream(place.resolve("ballast"))) {
      while (true) {
        file.write(ballast);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  public void clear() throws IOException {
    Files.delete(place.resolve("ballast"));
  }

  private static int run(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .onExit()
        .join()
        .exitValue();
  }

  @Override
  public void close() throws IOException {
    if (run("umount", "--lazy", place.toString()) != 0) {
      throw new IOException("cannot unmount " + place);
    }
  }
}
