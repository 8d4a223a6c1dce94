package trunkline.cli;

import java.util.List;
import trunkline.config.Options;
import trunkline.config.Setting;
import trunkline.telemetry.LogText;

/// The output of `--print-config`: each option of a command, its value and where it came from.
final class SettingsTable {
  private SettingsTable() {}

  static String of(Command command, Options options) {
    var settings = Setting.of(options, command.options()).toList();
    var names = width(settings.stream().map(each -> each.option().key()).toList());
    var values = width(settings.stream().map(Setting::value).toList());
    var line = "%-" + names + "s  %-" + values + "s  %s";
    var text = new StringBuilder();
    for (var each : settings) {
      var row = line.formatted(each.option().key(), LogText.line(each.value()), each.origin());
      text.append(row.stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(List<String> column) {
    return column.stream().mapToInt(String::length).max().orElse(1);
  }
}
