package trunkline.cli;

import trunkline.config.Option;
import trunkline.config.Options;

/// The output of `--help`.
final class HelpText {
  private static final int COLUMNS = 88;

  private HelpText() {}

  static String overview() {
    var text = new StringBuilder();
    text.append("Trunkline: an MCP server that scales out on nothing but PostgreSQL.\n\n");
    text.append("Usage: ./trunkline COMMAND [OPTION...]\n\n");
    for (var command : Command.values()) {
      text.append("  ").append(command.word()).append('\n');
      wrap(text, "      ", command.summary());
    }
    text.append(
        """

        ./trunkline COMMAND --help lists a command's options; ./trunkline --version the versions.
        """);
    return text.toString();
  }

  static String of(Command command) {
    var text = new StringBuilder();
    text.append("Usage: ./trunkline ").append(command.word()).append(' ').append(command.syntax());
    text.append("\n\n");
    wrap(text, "", command.summary());
    if (!command.options().isEmpty()) {
      text.append('\n');
      wrap(
          text,
          "",
          "Each option is also a variable of the environment (--database-url:"
              + " TRUNKLINE_DATABASE_URL) and a key of the configuration file (database-url). "
              + Options.ORDER
              + " --print-config prints each value and where it came from, and does nothing else."
              + " Durations are written 500ms, 30s, 10m, 1h, 1d.");
    }
    for (var group : Option.Group.values()) {
      var options = command.options().stream().filter(each -> each.group() == group).toList();
      if (!options.isEmpty()) {
        text.append('\n').append(group.title()).append(":\n");
        options.forEach(option -> append(text, option));
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Option option) {
    text.append("  ").append(option.flag());
    if (!option.isSwitch()) {
      text.append(' ').append(option.placeholder());
    }
    text.append('\n');
    var fallback =
        option.fallback().isEmpty() || option.fallback().equals("false")
            ? ""
            : " Default: " + option.fallback() + ".";
    wrap(text, "      ", option.help() + fallback);
  }

  private static void wrap(StringBuilder text, String indent, String sentence) {
    var column = 0;
    for (var word : sentence.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > COLUMNS) {
        text.append('\n');
        column = 0;
      }
      text.append(column == 0 ? indent : " ").append(word);
      column += (column == 0 ? indent.length() : 1) + word.length();
    }
    text.append('\n');
  }
}
