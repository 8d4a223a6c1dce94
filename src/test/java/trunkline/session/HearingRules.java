package trunkline.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The rules by which instances remember a session, as pure functions from state to state, and
/// every state that can be reached.
///
/// Two instances; `a` ends the session. What one remembers has no influence on the other, which
/// sees of it no more than its row, so that each is explored by itself: `a`, which need not wait,
/// and `b`, for which `a` waits; their product would show nothing else. Each statement is several
/// steps: it begins, its snapshot is taken, its answer is acted on; anything may happen between two
/// of them, and time may pass at any moment. A rule may be left out.
record HearingRules(Set<Rule> leftOut) {
  /// Of a licence, and of the wait for those who are not heard of, in ticks.
  static final int LICENCE = 2;

  static final int PATIENCE = 3;
  private static final int TICKS = 6;

  /// What holds the promise up.
  enum Rule {
    /// What was asked for before a change was heard is not kept.
    NOTHING_STALE_IS_KEPT,
    /// The answer waits for the hearers.
    CHANGER_WAITS,
    /// An instance says that it has heard when it has forgotten the session, not before.
    FORGET_BEFORE_SAYING_SO,
    /// The wait for those who say nothing is longer than any licence.
    WAIT_OUTLASTS_LICENCE,
    /// A licence counts from the start of a look, not from its answer.
    LICENCE_COUNTS_FROM_THE_START,
    /// A look that saw more than was heard gives no licence.
    LICENCE_NEEDS_HEARING,
    /// What was asked for before the row said so is not kept.
    JOINING_BEGINS_ANEW,
    /// The row says that nothing is remembered when nothing is, not before.
    FORGET_BEFORE_LEAVING,
    /// A request looks at the licence first, then at what is remembered.
    LICENCE_BEFORE_ENTRY,
    /// Whoever makes a change forgets the session as well.
    CHANGER_FORGETS
  }

  enum Fill {
    NONE,
    ASKED,
    FOUND
  }

  enum Saw {
    NOTHING,
    OLD_LOG,
    CHANGE
  }

  enum Late {
    NONE,
    LICENSED,
    REMEMBERS,
    SERVED
  }

  /// An instance.
  ///
  /// @param listed whether its row says that it remembers sessions
  /// @param joined whether it does
  /// @param until the end of its licence; 0: none
  /// @param entry whether it remembers the session, which it does as a living one
  /// @param stale whether something was heard since it asked for the session
  /// @param look when its look began; -1: none
  /// @param said whether its row says that it has heard the change
  /// @param late a request that began after the end was answered
  record One(
      boolean listed,
      boolean joined,
      int until,
      boolean entry,
      Fill fill,
      boolean stale,
      int look,
      Saw saw,
      boolean heard,
      boolean said,
      Late late) {
    static final One NEW =
        new One(false, false, 0, false, Fill.NONE, false, -1, Saw.NOTHING, false, false, Late.NONE);

    One row(boolean isListed, boolean hasSaid) {
      return new One(isListed, joined, until, entry, fill, stale, look, saw, heard, hasSaid, late);
    }

    One joined(boolean is, boolean nowStale) {
      return new One(listed, is, until, entry, fill, nowStale, look, saw, heard, said, late);
    }

    One licensed(int ticks) {
      return new One(listed, joined, ticks, entry, fill, stale, look, saw, heard, said, late);
    }

    One entry(boolean is) {
      return new One(listed, joined, until, is, fill, stale, look, saw, heard, said, late);
    }

    One fill(Fill next) {
      var isStale = next != Fill.ASKED && next != Fill.NONE && stale;
      return new One(listed, joined, until, entry, next, isStale, look, saw, heard, said, late);
    }

    One look(int begun, Saw seen) {
      return new One(listed, joined, until, entry, fill, stale, begun, seen, heard, said, late);
    }

    /// The session is forgotten, and so is what was asked for.
    One forgetting() {
      return new One(
          listed, joined, until, false, fill, fill != Fill.NONE, look, saw, heard, said, late);
    }

    One hearing() {
      return new One(listed, joined, until, entry, fill, stale, look, saw, true, said, late);
    }

    One late(Late next) {
      return new One(listed, joined, until, entry, fill, stale, look, saw, heard, said, next);
    }
  }

  /// @param committed when the end was committed; -1: the session lives
  /// @param forgotten whether the instance that ended it has forgotten it
  /// @param answered whether its client has been told
  record State(int now, int committed, boolean forgotten, boolean answered, One a, One b) {
    static final State START = new State(0, -1, false, false, One.NEW, One.NEW);

    State with(boolean first, One next) {
      return new State(now, committed, forgotten, answered, first ? next : a, first ? b : next);
    }

    boolean isEnded() {
      return committed >= 0;
    }

    boolean isBroken() {
      return a.late == Late.SERVED || b.late == Late.SERVED;
    }
  }

  private record Arrival(@Nullable State from, String by) {}

  /// @param states how many there are
  /// @param counterexample the steps to a late request that is served; empty: there are none
  record Explored(int states, Optional<List<String>> counterexample) {}

  static HearingRules whole() {
    return new HearingRules(EnumSet.noneOf(Rule.class));
  }

  static HearingRules without(Rule rule) {
    return new HearingRules(EnumSet.of(rule));
  }

  private boolean holds(Rule rule) {
    return !leftOut.contains(rule);
  }

  /// Both instances.
  Explored explore() {
    var a = explore(true);
    var b = explore(false);
    return new Explored(
        a.states + b.states, a.counterexample.isPresent() ? a.counterexample : b.counterexample);
  }

  /// Breadth first, so that a counterexample is a shortest one.
  private Explored explore(boolean first) {
    Map<State, Arrival> reached = new HashMap<>();
    var next = new ArrayDeque<State>();
    reached.put(State.START, new Arrival(null, ""));
    next.add(State.START);
    while (!next.isEmpty()) {
      var from = next.remove();
      if (from.isBroken()) {
        return new Explored(reached.size(), Optional.of(path(reached, from)));
      }
      steps(
          from,
          first,
          (by, to) -> {
            if (reached.putIfAbsent(to, new Arrival(from, by)) == null) {
              next.add(to);
            }
          });
    }
    return new Explored(reached.size(), Optional.empty());
  }

  private static List<String> path(Map<State, Arrival> reached, State to) {
    var path = new ArrayList<String>();
    for (var at = reached.get(to); at != null && at.from != null; at = reached.get(at.from)) {
      path.addFirst(at.by);
    }
    return path;
  }

  private void steps(State s, boolean first, BiConsumer<String, State> to) {
    if (s.now < TICKS) {
      to.accept(
          "time passes", new State(s.now + 1, s.committed, s.forgotten, s.answered, s.a, s.b));
    }
    changerSteps(s, to);
    var name = first ? "a" : "b";
    BiConsumer<String, One> own = (by, next) -> to.accept(name + " " + by, s.with(first, next));
    var one = first ? s.a : s.b;
    memberSteps(s, one, own);
    fillSteps(s, one, own);
    lookSteps(s, one, own);
    if (s.answered) {
      requestSteps(s, one, own);
    }
  }

  private void changerSteps(State s, BiConsumer<String, State> to) {
    if (!s.isEnded()) {
      to.accept("a commits the end", new State(s.now, s.now, false, false, s.a, s.b));
    } else if (!s.forgotten) {
      var a = holds(Rule.CHANGER_FORGETS) ? s.a.forgetting() : s.a;
      to.accept("a forgets it", new State(s.now, s.committed, true, false, a, s.b));
    } else if (!s.answered && mayAnswer(s)) {
      to.accept("a answers", new State(s.now, s.committed, true, true, s.a, s.b));
    }
  }

  private boolean mayAnswer(State s) {
    var patience = holds(Rule.WAIT_OUTLASTS_LICENCE) ? PATIENCE : LICENCE - 1;
    return !holds(Rule.CHANGER_WAITS) || !s.b.listed || s.b.said || s.now >= s.committed + patience;
  }

  private void memberSteps(State s, One one, BiConsumer<String, One> to) {
    if (!one.listed && !one.joined) {
      to.accept("is listed", one.row(true, one.heard));
    }
    if (one.listed && !one.joined) {
      var stale = holds(Rule.JOINING_BEGINS_ANEW) ? one.fill != Fill.NONE : one.stale;
      to.accept("joins", one.joined(true, stale));
      to.accept("is struck off", one.row(false, one.said));
    }
    if (one.joined) {
      to.accept("leaves", one.forgetting().licensed(0).joined(false, one.fill != Fill.NONE));
      if (!holds(Rule.FORGET_BEFORE_LEAVING) && one.listed) {
        to.accept("is struck off", one.row(false, one.said));
      }
    }
    if (s.isEnded() && !one.heard) {
      to.accept("hears", one.forgetting().hearing());
    }
    var maySay = one.heard || (!holds(Rule.FORGET_BEFORE_SAYING_SO) && s.isEnded());
    if (one.listed && maySay && !one.said) {
      to.accept("says that it has heard", one.row(true, true));
    }
  }

  private void fillSteps(State s, One one, BiConsumer<String, One> to) {
    switch (one.fill) {
      case NONE -> to.accept("asks for the session", one.fill(Fill.ASKED));
      case ASKED -> {
        if (!s.isEnded()) {
          to.accept("finds it", found(one));
        } else {
          to.accept("finds nothing", one.fill(Fill.NONE)); // which is never kept
        }
      }
      case FOUND -> {
        var isKept =
            one.joined && s.now < one.until && !(one.stale && holds(Rule.NOTHING_STALE_IS_KEPT));
        var kept = one.fill(Fill.NONE);
        to.accept(isKept ? "keeps it" : "keeps nothing", isKept ? kept.entry(true) : kept);
      }
    }
  }

  private static One found(One one) {
    return new One(
        one.listed,
        one.joined,
        one.until,
        one.entry,
        Fill.FOUND,
        one.stale,
        one.look,
        one.saw,
        one.heard,
        one.said,
        one.late);
  }

  private void lookSteps(State s, One one, BiConsumer<String, One> to) {
    if (one.look < 0) {
      if (one.joined) {
        to.accept("begins to look", one.look(s.now, Saw.NOTHING));
      }
      return;
    }
    if (one.saw == Saw.NOTHING) {
      to.accept("sees the log", one.look(one.look, s.isEnded() ? Saw.CHANGE : Saw.OLD_LOG));
      return;
    }
    var over = one.look(-1, Saw.NOTHING);
    if (!one.joined) {
      to.accept("looked in vain", over);
    } else if (one.saw == Saw.OLD_LOG || one.heard || !holds(Rule.LICENCE_NEEDS_HEARING)) {
      var begun = holds(Rule.LICENCE_COUNTS_FROM_THE_START) ? one.look : s.now;
      var hasLapsed = one.until > 0 && s.now >= one.until;
      to.accept("is licensed", (hasLapsed ? over.forgetting() : over).licensed(begun + LICENCE));
    }
  }

  /// A request that began after the answer must not find the session.
  private void requestSteps(State s, One one, BiConsumer<String, One> to) {
    var isLicensed = one.joined && s.now < one.until;
    if (holds(Rule.LICENCE_BEFORE_ENTRY)) {
      if (one.late == Late.NONE && isLicensed) {
        to.accept("takes a request", one.late(Late.LICENSED));
      } else if (one.late == Late.LICENSED) {
        to.accept("serves it", one.late(one.entry ? Late.SERVED : Late.NONE));
      }
    } else if (one.late == Late.NONE && one.entry) {
      to.accept("takes a request", one.late(Late.REMEMBERS));
    } else if (one.late == Late.REMEMBERS && isLicensed) {
      to.accept("serves it", one.late(Late.SERVED));
    }
  }
}
