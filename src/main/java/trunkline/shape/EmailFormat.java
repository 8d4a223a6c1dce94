package trunkline.shape;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import java.util.regex.Pattern;

/// An address that may exist. The validator's own format asks a list of top-level domains that it
/// was built with, and so refuses `ada@mail.internal` and tomorrow's domains.
final class EmailFormat implements Format {
  private static final Pattern ADDRESS = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,255}");

  static boolean isAddress(String text) {
    return ADDRESS.matcher(text).matches();
  }

  @Override
  public String getName() {
    return "email";
  }

  @Override
  public String getMessageKey() {
    return "format.email";
  }

  @Override
  public boolean matches(ExecutionContext context, String value) {
    return isAddress(value);
  }
}
