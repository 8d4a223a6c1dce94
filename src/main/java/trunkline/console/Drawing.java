package trunkline.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A story as a picture: a lane for the client and one for each instance, a column for each event
/// in their order, a line from what begins to what ends it. Widths say nothing of times, which
/// stand in the list below it.
///
/// @param width of the whole, as its height in units of the picture
public record Drawing(int width, int height, List<Lane> lanes, List<Line> lines, List<Mark> marks) {
  private static final int LEFT = 100;
  private static final int COLUMN = 92;
  private static final int TOP = 26;
  private static final int BELOW = 38;
  private static final int LANE = 68;

  /// Where something may have happened.
  ///
  /// @param toX where it ends: an instance that is gone has no more of it
  public record Lane(String name, String state, int y, int toX) {}

  public record Line(int fromX, int fromY, int toX, int toY, String kind) {}

  /// An event.
  ///
  /// @param number by which the list names it
  public record Mark(int number, int x, int y, String kind, String label, String title) {}

  static Drawing of(Story story) {
    var width = LEFT + COLUMN * Math.max(story.events().size(), 4) + COLUMN / 2;
    var heights = heights(story);
    var lines = new ArrayList<Line>();
    var marks = new ArrayList<Mark>();
    Map<String, Mark> begun = new HashMap<>();
    Map<Integer, Integer> ends = new HashMap<>();
    for (var event : story.events()) {
      var number = marks.size() + 1;
      var x = LEFT + COLUMN * (number - 1) + COLUMN / 2;
      var y = heights.getOrDefault(event.instance(), TOP);
      var mark = new Mark(number, x, y, event.kind(), event.label(), event.what());
      var former = begun.put(event.thing(), mark);
      if (former != null) {
        lines.add(new Line(former.x, former.y, x, y, event.kind()));
      }
      if (event.kind().equals("instance")) {
        ends.put(event.instance(), x);
      }
      marks.add(mark);
    }
    var lanes = new ArrayList<Lane>();
    lanes.add(new Lane("session", "", TOP, width));
    for (var host : story.hosts()) {
      var y = heights.getOrDefault(host.id(), TOP);
      var toX = ends.getOrDefault(host.id(), width);
      lanes.add(new Lane("instance " + host.id(), host.state(), y, toX));
    }
    return new Drawing(
        width,
        TOP + LANE * story.hosts().size() + BELOW,
        List.copyOf(lanes),
        List.copyOf(lines),
        List.copyOf(marks));
  }

  private static Map<Integer, Integer> heights(Story story) {
    Map<Integer, Integer> heights = new HashMap<>();
    heights.put(Story.NOWHERE, TOP);
    for (var host : story.hosts()) {
      heights.put(host.id(), TOP + LANE * heights.size());
    }
    return heights;
  }
}
