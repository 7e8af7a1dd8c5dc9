package dev.kemas.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.linux.NetworkNamespace;
import dev.kemas.netlink.LinkAddress;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.netlink.LinkSettings;
import dev.kemas.netlink.Route;
import dev.kemas.netlink.Rtnetlink;
import dev.kemas.nftables.Nftables;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * A host of a test's own: a network namespace with a link to another one that plays the outside, so
 * that the machine's links and rules are left alone. Closing it says whether anything was left
 * behind.
 */
final class Lab implements AutoCloseable {
  static final InetAddress HOST = ip("203.0.113.1");
  static final InetAddress OUTSIDE = ip("203.0.113.2");

  final Path folder;
  final NetworkNamespace host;
  final NetworkNamespace outside;
  private final Deque<Closeable> opened = new ArrayDeque<>();

  Lab(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    this.host = NetworkNamespace.create(folder.resolve("host"));
    this.outside = NetworkNamespace.create(folder.resolve("outside"));
    try (Rtnetlink here = Rtnetlink.open(host);
        Rtnetlink there = Rtnetlink.open(outside)) {
      here.execute(
          List.of(
              new LinkRequest.ChangeNamed("lo", LinkSettings.NONE.asUp()),
              new LinkRequest.AddVeth(
                  LinkSettings.named("wan").withMtu(1400).asUp(),
                  LinkSettings.named("lan").withMtu(1400),
                  outside.descriptor())));
      int lan = there.link("lan").orElseThrow().index();
      int wan = here.link("wan").orElseThrow().index();
      there.execute(
          List.of(
              new LinkRequest.ChangeNamed("lo", LinkSettings.NONE.asUp()),
              new LinkRequest.Change(lan, LinkSettings.NONE.asUp()),
              new LinkRequest.AddAddress(new LinkAddress(lan, OUTSIDE, 24))));
      here.execute(
          List.of(
              new LinkRequest.AddAddress(new LinkAddress(wan, HOST, 24)),
              new LinkRequest.SetRoute(Route.byDefault(OUTSIDE, wan))));
    }
  }

  static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  /** Settings of an instance on this host: no spares, so that every step belongs to a test. */
  NetworkSettings settings(String instance) {
    return NetworkSettings.of(instance, folder.resolve("exec-" + instance))
        .withHostNamespace(folder.resolve("host"))
        .withResolvConf(folder.resolve("resolv.conf"))
        .withSpares(0);
  }

  Networks open(NetworkSettings settings, NetworkRecords records) {
    Networks networks = Networks.open(settings, records);
    opened.push(networks::destroy);
    networks.reconcile(Set.of());
    return networks;
  }

  Networks open() {
    return open(settings("t"), new MemoryRecords());
  }

  /** To be closed before the host goes. */
  void owns(Closeable thing) {
    opened.push(thing);
  }

  static SandboxSpec.Container container(String name) {
    String id = Integer.toHexString(name.hashCode());
    return new SandboxSpec.Container(
        id.repeat(64 / id.length() + 1).substring(0, 64), name, name + "-host", "");
  }

  static SandboxSpec sandbox(String name, String... networks) {
    return SandboxSpec.of(name, container(name))
        .withEndpoints(java.util.Arrays.stream(networks).map(EndpointSpec::to).toList());
  }

  NetworkNamespace inside(Sandbox sandbox) {
    NetworkNamespace ns = NetworkNamespace.open(sandbox.namespace().orElseThrow());
    opened.push(ns::close);
    return ns;
  }

  List<String> links() {
    try (Rtnetlink links = Rtnetlink.open(host)) {
      return links.links().stream().map(LinkInfo::name).sorted().toList();
    }
  }

  String rules() {
    return rules(host, "list ruleset");
  }

  static String rules(NetworkNamespace namespace, String command) {
    return namespace.call(() -> {
      try (Nftables nft = Nftables.open()) {
        return nft.run(command);
      }
    });
  }

  /** Waits until it is so, and fails after ten seconds. */
  static void eventually(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  /** What is left of an instance when its networks were destroyed: nothing. */
  void assertClean() {
    assertThat(links()).containsExactly("lo", "wan");
    assertThat(rules()).isEmpty();
    try (var paths = Files.walk(folder)) {
      assertThat(paths.filter(p -> p.getParent().endsWith("netns"))).isEmpty();
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
          .doesNotContain(folder + "/exec");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Throws the host away with all that is on it; the kernel clears up when it has time. */
  void discard() {
    opened.clear();
    host.close();
    outside.close();
    try (var paths = Files.walk(folder)) {
      paths
          .filter(p -> NetworkNamespace.isNamespace(p) && Files.isRegularFile(p))
          .forEach(NetworkNamespace::remove);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Throwable first = null;
      while (!opened.isEmpty()) {
        try {
          opened.pop().close();
        } catch (IOException | RuntimeException e) {
          first = first == null ? e : first;
        }
      }
      assertThat(first).isNull();
      assertClean();
    } finally {
      host.close();
      outside.close();
      NetworkNamespace.remove(folder.resolve("outside"));
      NetworkNamespace.remove(folder.resolve("host"));
    }
  }
}
