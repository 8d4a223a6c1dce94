package trunkline.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.util.Map;

/// The templates of `src/main/jte`, compiled with the product. They escape what they are given.
public final class Templates {
  private static final String PACKAGE = "trunkline.console.template";

  private static final TemplateEngine ENGINE =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Templates.class.getClassLoader(), PACKAGE);

  private Templates() {}

  /// Fills one, as UTF-8.
  ///
  /// @param parameters of the template, by their names
  public static byte[] render(String template, Map<String, Object> parameters) {
    var output = new Utf8ByteOutput();
    ENGINE.render(template, parameters, output);
    return output.toByteArray();
  }
}
