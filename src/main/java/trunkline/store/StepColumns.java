package trunkline.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// The two columns in which a request that may run again keeps what its steps gave: names and
/// outcomes, in the order of their ends. A few small texts that nobody searches: columns of the row
/// that they go with, and no table.
public final class StepColumns {
  /// What is kept under the name that a statement binds.
  public static final Field<String> KEPT = SqlText.column("kept", SQLDataType.CLOB);

  private StepColumns() {}

  /// The assignments that add `:name` and `:outcome`, unless there is one of that name.
  public static String added(String alias) {
    return """
    step_names = CASE WHEN :name = ANY (%1$s.step_names) THEN %1$s.step_names ELSE %1$s.step_names || :name::text END,
         step_outcomes = CASE WHEN :name = ANY (%1$s.step_names) THEN %1$s.step_outcomes ELSE %1$s.step_outcomes || :outcome::text END\
    """
        .formatted(alias);
  }

  /// The column [#KEPT], after that.
  public static String kept(String alias) {
    return "%1$s.step_outcomes[array_position(%1$s.step_names, :name)] AS kept".formatted(alias);
  }

  public static Map<String, String> read(String @Nullable [] names, String @Nullable [] outcomes) {
    var steps = new LinkedHashMap<String, String>();
    for (var i = 0; names != null && outcomes != null && i < names.length; i++) {
      steps.put(names[i], outcomes[i]);
    }
    return steps;
  }
}
