package trunkline.chaos;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// A bug that is planted into the database behind the server's back, so that a verdict can be seen
/// not to be clean.
enum Plant {
  /// Every 20th message is acknowledged and not stored.
  LOST("return null;"),

  /// Every 20th message has the text of the one before it in its stream.
  DOUBLED(
      """
      select m.payload into new.payload from trunkline.outbound_messages m
       where m.stream_id = new.stream_id order by m.event_id desc limit 1;
      """),

  /// Every 20th message has the text of one of another stream.
  MISROUTED(
      """
      select m.payload into new.payload from trunkline.outbound_messages m
       where m.stream_id <> new.stream_id order by m.event_id desc limit 1;
      """);

  private static final String TRIGGER =
      """
      create sequence public.planted;
      create function public.plant() returns trigger language plpgsql as $$
      declare own bytea := new.payload;
      begin
        if nextval('public.planted') %% 20 = 0 then
          %s
          new.payload := coalesce(new.payload, own);
        end if;
        return new;
      end $$;
      create trigger planted before insert on trunkline.outbound_messages
        for each row execute function public.plant();
      """;

  private final String statement;

  Plant(String statement) {
    this.statement = statement;
  }

  String sql() {
    return TRIGGER.formatted(statement.strip());
  }

  /// Takes any of them away.
  static String removal() {
    return """
    drop trigger planted on trunkline.outbound_messages;
    drop function public.plant();
    drop sequence public.planted;
    """;
  }

  static String words() {
    return Arrays.stream(values())
        .map(plant -> plant.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
