package trunkline.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Strategy;
import org.jooq.meta.jaxb.Target;
import org.jooq.meta.jaxb.VisibilityModifier;
import trunkline.testing.TestDatabase;

/// jOOQ's classes for the migrated schema, each package-private beside its owner. They are
/// committed, so that the first compile needs no database.
final class GeneratedCode {
  private GeneratedCode() {}

  /// Generates into the folder, in place of `src/main/generated/java`.
  static void write(TestDatabase db, Path folder) throws Exception {
    for (var owner : GeneratedPackage.ALL) {
      GenerationTool.generate(
          new Configuration()
              .withLogging(Logging.WARN)
              .withJdbc(
                  new Jdbc().withUrl(db.url()).withUser(db.user()).withPassword(db.password()))
              .withGenerator(
                  new Generator()
                      .withName("org.jooq.codegen.JavaGenerator")
                      .withStrategy(new Strategy().withName(GeneratedNames.class.getName()))
                      .withDatabase(objects(owner))
                      .withGenerate(code())
                      .withTarget(
                          new Target()
                              .withPackageName(owner.javaName())
                              .withDirectory(folder.toString())
                              .withEncoding("UTF-8"))));
    }
  }

  private static Database objects(GeneratedPackage owner) {
    return new Database()
        .withName("org.jooq.meta.postgres.PostgresDatabase")
        .withInputSchema("trunkline")
        .withIncludes(owner.includes())
        .withForcedTypes(GeneratedTypes.of(owner))
        .withIncludeIndexes(false)
        .withIncludeForeignKeys(false)
        .withIncludeUniqueKeys(false)
        .withIncludePrimaryKeys(false)
        .withIncludeCheckConstraints(false)
        .withIncludeUDTs(false)
        .withIncludeDomains(false)
        .withIncludeSequences(false);
  }

  private static Generate code() {
    return new Generate()
        .withVisibilityModifier(VisibilityModifier.NONE)
        .withTables(true)
        .withRoutines(true)
        .withSources(false)
        .withRecords(false)
        .withRelations(false)
        .withDefaultCatalog(false)
        .withGlobalSchemaReferences(false)
        .withGlobalTableReferences(false)
        .withGlobalRoutineReferences(true)
        .withGeneratedAnnotation(false)
        .withJavadoc(false)
        .withComments(false)
        .withJavaTimeTypes(true)
        .withJooqVersionReference(false)
        .withWhereMethodOverrides(false)
        .withAsMethodOverrides(false)
        .withRenameMethodOverrides(false)
        .withImplicitJoinPathsToOne(false)
        .withImplicitJoinPathsToMany(false);
  }

  /// The generated files below the folder by name, with their text.
  static SortedMap<String, String> read(Path folder) throws IOException {
    var files = new TreeMap<String, String>();
    if (Files.isDirectory(folder)) {
      try (var found = Files.walk(folder)) {
        for (var file : found.filter(Files::isRegularFile).toList()) {
          files.put(folder.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return files;
  }

  static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (var found = Files.walk(folder)) {
        for (var file : found.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
