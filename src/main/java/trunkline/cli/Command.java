package trunkline.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import trunkline.config.Option;

/// The commands of `./trunkline`.
enum Command {
  SERVE(
      "[OPTION...]",
      "Runs an instance; the command when none is named. Started again with another --port it is"
          + " a second instance on the same database."),
  MIGRATE(
      "[OPTION...] [--restored]",
      "Brings the database schema up to date, over the direct URL. --restored says that the database"
          + " was set back to an earlier time in a way that nobody can see, such as a snapshot of its"
          + " disk: ids go on elsewhere, instances register anew, and clients are told of the gap."),
  SQL(
      "[OPTION...] [-c QUERY | FILE]",
      "Runs SQL on the database and prints what it answers; without QUERY and FILE from the"
          + " standard input. Stops at the first error. Names without a schema are PostgreSQL's and"
          + " Trunkline's; what is elsewhere needs its schema's (public.f()), or a statement before:"
          + " set search_path = trunkline, public."),
  STOP(
      "[OPTION...]", "Stops an embedded PostgreSQL that nobody uses any more, as after a kill -9."),
  TEST("[MAVEN-ARGUMENT...]", "Runs the whole test suite (in a source checkout)."),
  DEMO(
      "[--poll-only]",
      "Kills, freezes, drains and cuts three instances and PostgreSQL under clients within a minute,"
          + " says what it does, and checks what the clients got (in a source checkout)."),
  CHAOS(
      "[--minutes M] [--seed S] [--poll-only] [--plant BUG]",
      "The same for as long as you like, with faults and calls drawn from a seed (in a source"
          + " checkout).");

  private final String syntax;
  private final String summary;

  Command(String syntax, String summary) {
    this.syntax = syntax;
    this.summary = summary;
  }

  /// The word as typed.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The arguments after the word.
  String syntax() {
    return syntax;
  }

  String summary() {
    return summary;
  }

  /// The options on the command line; the environment and the file may hold any.
  Set<Option> options() {
    return switch (this) {
      case SERVE -> EnumSet.allOf(Option.class);
      case MIGRATE, SQL ->
          EnumSet.of(
              Option.DATABASE_URL,
              Option.DATABASE_DIRECT_URL,
              Option.DATABASE_USER,
              Option.DATABASE_PASSWORD,
              Option.DATABASE_PASSWORD_FILE,
              Option.DATA,
              Option.LOG_LEVEL,
              Option.CONFIG);
      case STOP -> EnumSet.of(Option.DATA, Option.CONFIG);
      case TEST, DEMO, CHAOS -> EnumSet.noneOf(Option.class);
    };
  }

  static Optional<Command> find(String word) {
    return Stream.of(values()).filter(command -> command.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Stream.of(values()).map(Command::word).toList();
  }
}
