package dev.kemas.network;

import dev.kemas.fault.Fault;
import dev.kemas.linux.NetworkNamespace;
import dev.kemas.linux.Sysctl;
import dev.kemas.netlink.Conntrack;
import dev.kemas.netlink.LinkAddress;
import dev.kemas.netlink.LinkInfo;
import dev.kemas.netlink.LinkRequest;
import dev.kemas.netlink.Route;
import dev.kemas.netlink.Rtnetlink;
import dev.kemas.nftables.Nftables;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Every change that this module makes to the kernel or to its records goes through here, each one a
 * step that {@link Probe} sees first: so a test can let any of them fail, or let all from the n-th
 * on fail, as a kill would.
 *
 * <p>What depends on the host's network namespace (sockets, nftables, kernel parameters) is done on
 * one platform thread that lives in it. Safe for any thread.
 */
final class HostKernel implements AutoCloseable {
  /** Sees each step before it is done; what it throws is what the step throws. */
  @FunctionalInterface
  interface Probe {
    Probe NONE = step -> {};

    void before(String step);
  }

  private final Probe probe;
  private final NetworkRecords records;
  private final Path folder;
  private final Optional<NetworkNamespace> host;
  private final Rtnetlink links;
  private final ExecutorService hostThread;
  private volatile Optional<Nftables> nft = Optional.empty();

  HostKernel(NetworkSettings settings, NetworkRecords records, Probe probe) {
    this.probe = probe;
    this.records = records;
    this.folder = settings.execRoot().resolve("netns");
    this.host = settings.hostNamespace().map(NetworkNamespace::open);
    try {
      this.links = host.map(Rtnetlink::open).orElseGet(Rtnetlink::open);
    } catch (RuntimeException e) {
      host.ifPresent(NetworkNamespace::close);
      throw e;
    }
    this.hostThread =
        Executors.newSingleThreadExecutor(work ->
            Thread.ofPlatform()
                .name("kemas-net-host")
                .daemon(true)
                .unstarted(() -> {
                  host.ifPresent(NetworkNamespace::enter);
                  work.run();
                }));
  }

  // records

  void put(NetworkRecords.Entry entry) {
    probe.before("record " + entry.kind() + " " + entry.id());
    records.put(entry);
  }

  void delete(String kind, String id) {
    probe.before("forget " + kind + " " + id);
    records.delete(kind, id);
  }

  // links of the host

  /** All of it, or the fault of the first that failed. */
  void change(List<? extends LinkRequest> requests) {
    probe.before("links: " + requests.getFirst().subject());
    links.execute(requests);
  }

  void change(LinkRequest request) {
    change(List.of(request));
  }

  /** As much of it as can be done. */
  List<Rtnetlink.Outcome> attempt(List<? extends LinkRequest> requests) {
    probe.before("links: " + requests.getFirst().subject());
    return links.attempt(requests);
  }

  List<LinkInfo> links() {
    return links.links();
  }

  Optional<LinkInfo> link(String name) {
    return links.link(name);
  }

  List<LinkAddress> addresses() {
    return links.addresses();
  }

  List<Route> routes() {
    return links.routes();
  }

  // namespaces

  Path namespace(String name) {
    return folder.resolve(name);
  }

  boolean namespaceExists(String name) {
    return NetworkNamespace.isNamespace(namespace(name));
  }

  <T> T createNamespace(String name, NetworkNamespace.Inside<T> inside) {
    probe.before("namespace " + name);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new Fault.Internal("cannot make the folder " + folder + ": " + e.getMessage(), e);
    }
    return NetworkNamespace.create(namespace(name), inside);
  }

  NetworkNamespace openNamespace(String name) {
    return NetworkNamespace.open(namespace(name));
  }

  void removeNamespace(String name) {
    probe.before("remove namespace " + name);
    NetworkNamespace.remove(namespace(name));
  }

  /** The names of all files below the folder. */
  List<String> namespaces() {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      } catch (IOException e) {
        throw new Fault.Internal("cannot list " + folder + ": " + e.getMessage(), e);
      }
    }
    return names;
  }

  /** A change that is made elsewhere: inside a container's namespace. */
  void step(String what) {
    probe.before(what);
  }

  // rules and parameters of the host

  String nft(String commands) {
    probe.before("nft: " + commands.lines().findFirst().orElse(""));
    return inHost(() -> nftables().run(commands));
  }

  /** Reads rules; no step. */
  String listRules(String command) {
    return inHost(() -> nftables().run(command));
  }

  /** Lets the kernel forget the flows to ports that lead elsewhere from now on. */
  void forgetUdpFlows(List<PublishedPort> ports) {
    inHost(() -> {
      try (Conntrack flows = Conntrack.open()) {
        return ports.stream().mapToInt(p -> flows.forgetUdp(p.hostAddress(), p.hostPort())).sum();
      }
    });
  }

  private Nftables nftables() {
    Nftables open = nft.orElseGet(Nftables::open);
    nft = Optional.of(open);
    return open;
  }

  Optional<String> readParameter(String path) {
    return inHost(() -> Sysctl.read(path));
  }

  void writeParameter(String path, String value) {
    probe.before("parameter " + path + " = " + value);
    inHost(() -> {
      Sysctl.write(path, value);
      return true;
    });
  }

  /** Work on the thread that lives in the host's namespace, such as opening a socket. */
  <T> T inHost(Callable<T> work) {
    try {
      return CompletableFuture.supplyAsync(
              () -> {
                try {
                  return work.call();
                } catch (RuntimeException e) {
                  throw e;
                } catch (Exception e) {
                  throw new CompletionException(e);
                }
              },
              hostThread)
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while the host's network was changed");
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case RuntimeException cause -> cause;
        case Error cause -> throw cause;
        case null, default -> new Fault.Internal("work in the host's namespace failed", e);
      };
    }
  }

  /** Opens a socket in the host's namespace; no thread changes when that is this process's own. */
  <T> T openInHost(Callable<T> work) throws Exception {
    return host.isPresent() ? inHost(work) : work.call();
  }

  @Override
  public void close() {
    inHost(() -> {
      nft.ifPresent(Nftables::close);
      nft = Optional.empty();
      return true;
    });
    hostThread.shutdown();
    links.close();
    host.ifPresent(NetworkNamespace::close);
  }
}
