package trunkline.store;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/// Why a file or a folder could not be used, without the name of a class.
public final class FileReason {
  private FileReason() {}

  public static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "there is no permission";
      case CharacterCodingException _ -> "it is not text in UTF-8";
      case FileSystemException e ->
          Objects.requireNonNullElse(e.getReason(), "the file system refuses it");
      default -> Objects.requireNonNullElse(failure.getMessage(), "it cannot be read");
    };
  }
}
