package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.architecture.Sources.Source;

class ByPositionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "s.setLong(1, session.value());",
        "statement.setArray(\n    2, texts);",
        "s.setString(++column, name);",
        "rows.getInt(4)",
        "s -> s\n    .getBytes(6)",
        "row.getObject(1, UUID.class)"
      })
  void a_counted_column_is_found(String code) {
    assertThat(ByPosition.in(List.of(new Source(Path.of("Rows.java"), code))))
        .containsExactly("Rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "row.getLong(\"stream_id\")",
        "row.get(STREAMS.HOLDER_EPOCH)",
        "list.get(0)",
        "builder.setLength(0)",
        "result.getString(column)",
        "// rows.getInt(4)"
      })
  void anything_else_is_not(String code) {
    assertThat(ByPosition.in(List.of(new Source(Path.of("Rows.java"), code)))).isEmpty();
  }
}
