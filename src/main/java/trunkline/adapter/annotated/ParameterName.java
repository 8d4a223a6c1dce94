package trunkline.adapter.annotated;

import java.lang.reflect.Parameter;

/// The name by which clients know a parameter.
final class ParameterName {
  private ParameterName() {}

  /// @param marks of the parameter's own annotation
  static String of(Marked marked, Parameter parameter, Marks marks) {
    return marks
        .text("name")
        .orElseGet(() -> {
          if (!parameter.isNamePresent()) {
            throw marked.refused(
                "has parameters without names: compile "
                    + marked.method().getDeclaringClass().getSimpleName()
                    + " with -parameters (Maven: <maven.compiler.parameters>true</…>; Gradle:"
                    + " options.compilerArgs.add(\"-parameters\")), or give each a name in its"
                    + " annotation");
          }
          return parameter.getName();
        });
  }
}
