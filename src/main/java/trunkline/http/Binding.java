package trunkline.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/// Finds the port by listening there for a moment: Helidon swallows the reason when it cannot, and
/// a free port has to be free on both loopback addresses.
record Binding(List<InetAddress> addresses, int port) {
  private static final int TRIES_MAX = 20;
  private static final int CONNECT_MILLIS = 200;

  /// Where systems do not take ports for outgoing connections: between our probe and our listening
  /// one of those could take it.
  private static final int FREE_PORT_MIN = 20_000;

  private static final int FREE_PORT_MAX = 32_000;

  static Binding of(String host, int port) {
    if (!host.equals("127.0.0.1") && !host.equals("localhost")) {
      var address = resolve(host, port);
      return free(port, chosen -> new Binding(List.of(address), probe(address, chosen)));
    }
    return free(port, Binding::loopback);
  }

  private static Binding free(int port, IntFunction<Binding> binding) {
    for (var tries = 1; port == 0 && tries < TRIES_MAX; tries++) {
      try {
        return binding.apply(ThreadLocalRandom.current().nextInt(FREE_PORT_MIN, FREE_PORT_MAX));
      } catch (PortTaken _) {
        // In use: the next one. After the last try the system chooses, or says why not.
      }
    }
    return binding.apply(port);
  }

  private static Binding loopback(int port) {
    var four = InetAddress.ofLiteral("127.0.0.1");
    var six = InetAddress.ofLiteral("::1");
    List<InetAddress> addresses = new ArrayList<>(List.of(four));
    var chosen = probe(four, port);
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(six, chosen));
      addresses.add(six);
    } catch (IOException e) {
      if (PortTaken.isInUse(e)) {
        // Going on would leave localhost to another process.
        throw new PortTaken("[::1]", chosen, e);
      }
      // A machine without IPv6: localhost is 127.0.0.1 there.
    }
    return new Binding(addresses, chosen);
  }

  private static int probe(InetAddress address, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new PortTaken(address.getHostAddress(), port, e);
    }
  }

  private static InetAddress resolve(String host, int port) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new PortTaken(host, port, ": nobody knows that host", e);
    }
  }

  /// Where this machine gets in, for each of the addresses.
  List<InetSocketAddress> doors() {
    return addresses.stream()
        .map(address -> address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address)
        .map(address -> new InetSocketAddress(address, port))
        .toList();
  }

  /// Whether somebody is let in at one of the addresses; nothing is asked of whoever answers.
  boolean isOpen() {
    return doors().stream().anyMatch(Binding::isOpen);
  }

  private static boolean isOpen(InetSocketAddress door) {
    try (var socket = new Socket()) {
      socket.connect(door, CONNECT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
