package trunkline.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// The code that runs while a monitor or a lock is held, as the compiled classes have it, and what
/// it may come to call.
///
/// A lock is held in a synchronized method, and wherever leaving by an exception gives it back.
final class LockedCode {
  /// A method, called or defined.
  record Method(String type, String name, String descriptor) {
    Method of(String other) {
      return new Method(other, name, descriptor);
    }

    @Override
    public String toString() {
      return type.substring(type.lastIndexOf('/') + 1)
          + "."
          + name.replaceAll("lambda\\$|\\$\\d+", "");
    }
  }

  private final Map<Method, Set<Method>> calls = new HashMap<>();
  private final Map<Method, Set<Method>> lockedCalls = new HashMap<>();
  private final Map<String, Set<String>> subtypes = new HashMap<>();
  private final Set<Method> waits = new HashSet<>();

  static LockedCode under(Path classes) {
    var code = new LockedCode();
    try (var files = Files.walk(classes)) {
      for (var file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        code.add(ClassFile.of().parse(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return code;
  }

  private void add(ClassModel type) {
    var name = type.thisClass().asInternalName();
    type.superclass().ifPresent(above -> subtype(above.asInternalName(), name));
    type.interfaces().forEach(above -> subtype(above.asInternalName(), name));
    for (var method : type.methods()) {
      var self =
          new Method(name, method.methodName().stringValue(), method.methodType().stringValue());
      method.code().ifPresent(code -> add(self, code, method.flags().has(AccessFlag.SYNCHRONIZED)));
    }
  }

  private void subtype(String above, String below) {
    subtypes.computeIfAbsent(above, _ -> new HashSet<>()).add(below);
  }

  private void add(Method self, CodeModel code, boolean whole) {
    var elements = code.elementList();
    var locked = whole ? List.of(new Span(0, elements.size())) : spans(elements);
    for (var at = 0; at < elements.size(); at++) {
      var here = at;
      for (var called : called(elements.get(at))) {
        calls.computeIfAbsent(self, _ -> new HashSet<>()).add(called);
        if (locked.stream().anyMatch(span -> span.holds(here))) {
          lockedCalls.computeIfAbsent(self, _ -> new HashSet<>()).add(called);
        }
      }
    }
  }

  private record Span(int from, int to) {
    boolean holds(int at) {
      return from <= at && at < to;
    }
  }

  private static List<Span> spans(List<CodeElement> elements) {
    var places = new HashMap<Label, Integer>();
    for (var at = 0; at < elements.size(); at++) {
      if (elements.get(at) instanceof LabelTarget target) {
        places.put(target.label(), at);
      }
    }
    var spans = new ArrayList<Span>();
    for (var element : elements) {
      if (element instanceof ExceptionCatch handler
          && handler.catchType().isEmpty()
          && unlocks(elements, Objects.requireNonNull(places.get(handler.handler())))) {
        spans.add(
            new Span(
                Objects.requireNonNull(places.get(handler.tryStart())),
                Objects.requireNonNull(places.get(handler.tryEnd()))));
      }
    }
    return spans;
  }

  /// Whether the handler gives a lock back before it throws on.
  private static boolean unlocks(List<CodeElement> elements, int from) {
    for (var element : elements.subList(from, elements.size())) {
      switch (element) {
        case MonitorInstruction monitor -> {
          return monitor.opcode() == Opcode.MONITOREXIT;
        }
        case InvokeInstruction call
            when call.owner().asInternalName().startsWith("java/util/concurrent/locks/") -> {
          return call.name().stringValue().equals("unlock");
        }
        case ThrowInstruction _ -> {
          return false;
        }
        default -> {}
      }
    }
    return false;
  }

  /// Making a lambda counts as calling it: mostly it is.
  private static List<Method> called(CodeElement element) {
    return switch (element) {
      case InvokeInstruction call ->
          List.of(
              new Method(
                  call.owner().asInternalName(),
                  call.name().stringValue(),
                  call.type().stringValue()));
      case InvokeDynamicInstruction lambda ->
          lambda.bootstrapArgs().stream()
              .filter(DirectMethodHandleDesc.class::isInstance)
              .map(DirectMethodHandleDesc.class::cast)
              .map(made ->
                  new Method(
                      internal(made.owner().descriptorString()),
                      made.methodName(),
                      made.lookupDescriptor()))
              .toList();
      default -> List.of();
    };
  }

  private static String internal(String descriptor) {
    return descriptor.substring(1, descriptor.length() - 1);
  }

  /// Says which methods wait for the database, or for others that do.
  LockedCode waiting(String type, String... names) {
    for (var callees : List.copyOf(calls.values())) {
      callees.stream()
          .filter(each -> each.type().equals(type) && List.of(names).contains(each.name()))
          .forEach(waits::add);
    }
    return this;
  }

  /// `method → what it calls under a lock` for each call that comes to wait.
  Set<String> waitingUnderLock() {
    var waiting = everythingThatWaits();
    var found = new TreeSet<String>();
    lockedCalls.forEach((method, callees) ->
        callees.stream()
            .filter(callee -> targets(callee).stream().anyMatch(waiting::contains))
            .forEach(callee -> found.add(method + " → " + callee)));
    return found;
  }

  private Set<Method> everythingThatWaits() {
    var waiting = new HashSet<>(waits);
    boolean more;
    do {
      more = false;
      for (var method : calls.entrySet()) {
        if (!waiting.contains(method.getKey())
            && method.getValue().stream()
                .flatMap(callee -> targets(callee).stream())
                .anyMatch(waiting::contains)) {
          more |= waiting.add(method.getKey());
        }
      }
    } while (more);
    return waiting;
  }

  /// The method itself and those that may run in its place.
  private Set<Method> targets(Method called) {
    var targets = new HashSet<Method>();
    var types = new ArrayList<>(List.of(called.type()));
    for (var at = 0; at < types.size(); at++) {
      targets.add(called.of(types.get(at)));
      if (types.get(at).startsWith("trunkline/")) {
        types.addAll(subtypes.getOrDefault(types.get(at), Set.of()));
      }
    }
    return targets;
  }
}
