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
import org.jooq.meta.jaxb.Target;
import trunkline.testing.TestDatabase;

/// jOOQ's table classes for the migrated schema: names and types of columns, nothing else. They are
/// committed, so that the first compile needs no database.
final class GeneratedCode {
  static final String PACKAGE = "trunkline.store.generated";

  private static final String PACKAGE_INFO =
      """
      /// Names and types of the tables as the migrations leave them; written by `.ci/generate`, not by hand.
      package trunkline.store.generated;
      """;

  private GeneratedCode() {}

  /// Generates into the folder, which stands for `src/main/java`.
  static void write(TestDatabase db, Path folder) throws Exception {
    // Functions that return rows would be tables otherwise.
    var functions =
        db.sql(
                """
                select coalesce(string_agg(distinct proname, '|'), '-') from pg_proc
                 where pronamespace = 'trunkline'::regnamespace
                """)
            .text();
    var tables =
        new Database()
            .withName("org.jooq.meta.postgres.PostgresDatabase")
            .withInputSchema("trunkline")
            .withExcludes("flyway_schema_history|.*_[0-7]|" + functions)
            .withIncludeRoutines(false)
            .withIncludeIndexes(false)
            .withIncludeForeignKeys(false)
            .withIncludeUniqueKeys(false)
            .withIncludePrimaryKeys(false)
            .withIncludeCheckConstraints(false)
            .withIncludeUDTs(false)
            .withIncludeDomains(false)
            .withIncludeSequences(false);
    var code =
        new Generate()
            .withTables(true)
            .withRecords(false)
            .withRelations(false)
            .withDefaultCatalog(false)
            .withGlobalObjectReferences(false)
            .withGlobalTableReferences(true)
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

    GenerationTool.generate(
        new Configuration()
            .withLogging(Logging.WARN)
            .withJdbc(new Jdbc().withUrl(db.url()).withUser(db.user()).withPassword(db.password()))
            .withGenerator(
                new Generator()
                    .withName("org.jooq.codegen.JavaGenerator")
                    .withDatabase(tables)
                    .withGenerate(code)
                    .withTarget(
                        new Target()
                            .withPackageName(PACKAGE)
                            .withDirectory(folder.toString())
                            .withEncoding("UTF-8"))));
    Files.writeString(sources(folder).resolve("package-info.java"), PACKAGE_INFO);
  }

  /// The generated files below the folder by name, with their text.
  static SortedMap<String, String> read(Path folder) throws IOException {
    var files = new TreeMap<String, String>();
    if (Files.isDirectory(sources(folder))) {
      try (var found = Files.walk(sources(folder))) {
        for (var file : found.filter(Files::isRegularFile).toList()) {
          files.put(sources(folder).relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return files;
  }

  static void delete(Path folder) throws IOException {
    if (Files.isDirectory(sources(folder))) {
      try (var found = Files.walk(sources(folder))) {
        for (var file : found.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static Path sources(Path folder) {
    return folder.resolve(PACKAGE.replace('.', '/'));
  }
}
