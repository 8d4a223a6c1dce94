package trunkline.adapter.annotated;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Classes that a test compiles its own way, from their text.
final class CompiledSource {
  private final ClassLoader loader;

  /// @param sources texts by class name
  /// @param options of javac
  CompiledSource(Path folder, Map<String, String> sources, String... options) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var said = new StringWriter();
    var all = new ArrayList<>(List.of(options));
    all.addAll(
        List.of(
            "-proc:none",
            "-d",
            folder.toString(),
            "-cp",
            System.getProperty("java.class.path") + File.pathSeparator + folder));
    List<JavaFileObject> units =
        sources.entrySet().stream()
            .map(each -> (JavaFileObject) new Unit(each.getKey(), each.getValue()))
            .toList();
    if (!compiler.getTask(said, null, null, all, null, units).call()) {
      throw new AssertionError(said.toString());
    }
    loader = new URLClassLoader(new URL[] {url(folder)}, getClass().getClassLoader());
  }

  Object instance(String name) throws ReflectiveOperationException {
    return loader.loadClass(name).getConstructor().newInstance();
  }

  private static URL url(Path folder) throws MalformedURLException {
    return folder.toUri().toURL();
  }

  private static final class Unit extends SimpleJavaFileObject {
    private final String text;

    Unit(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
