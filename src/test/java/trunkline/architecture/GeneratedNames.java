package trunkline.architecture;

import org.jooq.codegen.DefaultGeneratorStrategy;
import org.jooq.meta.Definition;
import org.jooq.meta.RoutineDefinition;
import org.jooq.meta.SchemaDefinition;
import org.jooq.meta.TableDefinition;

/// The names of a run in one package, beside the classes that use it: `SessionsTable.SESSIONS`,
/// `EndSessionNowRoutine`.
public final class GeneratedNames extends DefaultGeneratorStrategy {

  @Override
  public String getJavaPackageName(Definition definition, Mode mode) {
    return getTargetPackage();
  }

  @Override
  public String getJavaClassName(Definition definition, Mode mode) {
    var name = super.getJavaClassName(definition, mode);
    return switch (definition) {
      case SchemaDefinition _ -> name + "Schema";
      case TableDefinition _ -> name + "Table";
      case RoutineDefinition _ -> name + "Routine";
      default -> name;
    };
  }
}
