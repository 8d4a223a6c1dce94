package trunkline.sample;

import java.util.ArrayList;
import java.util.List;
import trunkline.feature.Length;
import trunkline.feature.RequestContext;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;

/// A session's memory, whichever instances its calls run on.
final class Notebook {
  private static final String KEY = "notes";
  private static final int NOTES_MAX = 100;

  record Note(@Length(min = 1, max = 200) String text) {}

  record Notes(List<String> notes) {}

  static final Tool ADD =
      Tool.named("add_note")
          .description("Writes a note into this session's notebook")
          .input(Note.class)
          .output(Notes.class)
          .handler((note, context) -> {
            var notes = new ArrayList<>(read(context).notes());
            if (notes.size() >= NOTES_MAX) {
              throw new ToolFailed("the notebook is full, it has " + NOTES_MAX + " notes");
            }
            notes.add(note.text());
            var written = new Notes(notes);
            context.values().put(KEY, written);
            return written;
          });

  static final Tool LIST =
      Tool.named("list_notes")
          .description("Reads this session's notebook")
          .output(Notes.class)
          .readOnly()
          .handler((none, context) -> read(context));

  private Notebook() {}

  private static Notes read(RequestContext context) {
    return context.values().find(KEY, Notes.class).orElseGet(() -> new Notes(List.of()));
  }
}
