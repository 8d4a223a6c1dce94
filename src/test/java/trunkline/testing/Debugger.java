package trunkline.testing;

import static java.util.Objects.requireNonNull;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ClassNotLoadedException;
import com.sun.jdi.ClassType;
import com.sun.jdi.InvalidTypeException;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import java.io.IOException;
import java.util.regex.Pattern;

/// A debugger on an instance's process: it halts a thread wherever it is, as a deadlock or an
/// endless loop would.
public final class Debugger implements AutoCloseable {
  /// The Java option of a process that a debugger may join.
  public static final String OPTION =
      "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0,includevirtualthreads=y";

  private static final Pattern PORT = Pattern.compile("transport dt_socket at address: (\\d+)");

  private final VirtualMachine machine;

  private Debugger(VirtualMachine machine) {
    this.machine = machine;
  }

  public static Debugger on(InstanceProcess instance) {
    var port = PORT.matcher(instance.text());
    if (!port.find()) {
      throw new IllegalArgumentException("not started for a debugger:\n" + instance.text());
    }
    var socket =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(connector -> connector.name().equals("com.sun.jdi.SocketAttach"))
            .findFirst()
            .orElseThrow();
    var arguments = socket.defaultArguments();
    requireNonNull(arguments.get("hostname")).setValue("127.0.0.1");
    requireNonNull(arguments.get("port")).setValue(port.group(1));
    try {
      return new Debugger(socket.attach(arguments));
    } catch (IOException | IllegalConnectorArgumentsException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Halts the thread of that name.
  ///
  /// @return what lets it go on
  public Runnable halt(String thread) {
    var found = thread(thread);
    found.suspend();
    return found::resume;
  }

  /// Sets a static field.
  public void set(Class<?> type, String field, long value) {
    var there = (ClassType) machine.classesByName(type.getName()).getFirst();
    try {
      there.setValue(there.fieldByName(field), machine.mirrorOf(value));
    } catch (InvalidTypeException | ClassNotLoadedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private ThreadReference thread(String name) {
    return machine.allThreads().stream()
        .filter(thread -> thread.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no thread " + name));
  }

  @Override
  public void close() {
    machine.dispose();
  }
}
