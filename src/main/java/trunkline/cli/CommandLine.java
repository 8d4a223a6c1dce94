package trunkline.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import trunkline.config.Nearest;
import trunkline.config.Option;
import trunkline.config.Refusal;

/// A parsed command line.
sealed interface CommandLine {

  /// `--version`.
  record Version() implements CommandLine {}

  /// `--help`, for one command or for all.
  record Help(Optional<Command> command) implements CommandLine {}

  /// A command to run.
  ///
  /// @param options as typed
  /// @param query the value of `-c`, for `sql`
  /// @param file a file of SQL, for `sql`
  /// @param words what to do, and with what, for `key`
  /// @param switches the command's own, as [Command#switches] has them; with a value where one was
  ///   given, else with an empty text
  record Run(
      Command command,
      Map<Option, String> options,
      Optional<String> query,
      Optional<String> file,
      List<String> words,
      Map<String, String> switches)
      implements CommandLine {

    boolean has(String name) {
      return switches.containsKey(name);
    }
  }

  /// Parses the arguments, or throws a [Refusal] that names the wrong one.
  static CommandLine parse(List<String> arguments) {
    var first = arguments.isEmpty() ? "" : arguments.getFirst();
    if (first.equals("--version")) {
      return new Version();
    }
    if (first.equals("--help") || first.equals("-h") || first.equals("help")) {
      var command =
          arguments.size() > 1 ? Command.find(arguments.get(1)) : Optional.<Command>empty();
      return new Help(command);
    }
    if (first.isEmpty() || first.startsWith("-")) {
      return parse(Command.SERVE, arguments);
    }
    var command =
        Command.find(first)
            .orElseThrow(() ->
                new Refusal("unknown command " + first + Nearest.hint(first, Command.words())));
    return parse(command, arguments.subList(1, arguments.size()));
  }

  private static CommandLine parse(Command command, List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      return new Help(Optional.of(command));
    }
    var options = new EnumMap<Option, String>(Option.class);
    var queries = new ArrayList<String>();
    var files = new ArrayList<String>();
    var words = new ArrayList<String>();
    var switches = new LinkedHashMap<String, String>();
    for (var rest = arguments.listIterator(); rest.hasNext(); ) {
      var argument = rest.next();
      var parts = argument.split("=", 2);
      if (command.switches().contains(parts[0])) {
        if (parts.length == 2 && !command.takesValue(parts[0])) {
          throw new Refusal(
              parts[0] + " is given or left out and takes no value: " + argument + help(command));
        }
        var next = parts.length == 2 ? parts[1] : "";
        switches.put(
            parts[0],
            parts.length == 1 && command.needsValue(parts[0]) ? operand(parts[0], rest) : next);
      } else if (argument.startsWith("--")) {
        var option = option(command, parts[0]);
        var value = parts.length == 2 ? parts[1] : value(option, rest);
        options.merge(
            option, value, (former, last) -> option.isRepeatable() ? former + "\n" + last : last);
      } else if (command == Command.SQL && argument.equals("-c")) {
        queries.add(operand("-c", rest));
      } else if (command == Command.SQL && !argument.startsWith("-")) {
        files.add(argument);
      } else if (command == Command.KEY && !argument.startsWith("-")) {
        words.add(argument);
      } else {
        throw new Refusal(command.word() + " does not take '" + argument + "'" + help(command));
      }
    }
    if (queries.size() + files.size() > 1) {
      throw new Refusal("sql takes one -c QUERY or one FILE");
    }
    return new Run(
        command,
        options,
        queries.stream().findFirst(),
        files.stream().findFirst(),
        List.copyOf(words),
        switches);
  }

  private static Option option(Command command, String flag) {
    var option = Option.find(flag.substring(2));
    if (option.isPresent() && command.options().contains(option.get())) {
      return option.get();
    }
    if (option.isPresent()) {
      throw new Refusal(command.word() + " has no option " + flag + help(command));
    }
    var known =
        Stream.concat(
            command.switches().stream(),
            Stream.of(Option.values()).filter(command.options()::contains).map(Option::flag));
    throw new Refusal("unknown option " + flag + Nearest.hint(flag, known.toList()));
  }

  private static String value(Option option, ListIterator<String> rest) {
    return option.isSwitch() ? position(rest) : operand(option.flag(), rest);
  }

  /// `on` or `off` after a switch is its own: no command that has one takes words.
  private static String position(ListIterator<String> rest) {
    if (rest.hasNext()) {
      var next = rest.next();
      if (next.equals("on") || next.equals("off")) {
        return next;
      }
      rest.previous();
    }
    return "true";
  }

  private static String operand(String flag, ListIterator<String> rest) {
    var value = rest.hasNext() ? rest.next() : "--";
    if (value.startsWith("--")) {
      throw new Refusal(flag + " needs a value");
    }
    return value;
  }

  private static String help(Command command) {
    return ": see ./trunkline " + command.word() + " --help";
  }
}
