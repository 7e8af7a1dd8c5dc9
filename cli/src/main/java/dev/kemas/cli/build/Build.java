package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Pairs;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.container.Quantities;
import dev.kemas.cli.stream.Progress;
import dev.kemas.cli.stream.ProgressError;
import dev.kemas.credential.ClientConfig;
import dev.kemas.credential.Credential;
import dev.kemas.flag.Flags;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code kemas build}. */
public final class Build extends Command {
  private static final char NONE = 0;

  public Build() {}

  @Override
  public String usage() {
    return "[OPTIONS] PATH | URL | -";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "kemas build -t app:1.0 .                 the folder here, with its Dockerfile",
        "kemas build -f docker/Dockerfile -t app .  another Dockerfile, the same folder",
        "kemas build - < Dockerfile               a Dockerfile alone");
  }

  @Override
  public void declare(Flags flags) {
    flags.list("add-host", "Add a custom host-to-IP mapping (\"host:ip\")");
    flags.list("build-arg", "Set build-time variables");
    flags.list("cache-from", "Images to consider as cache sources");
    flags.value(
        "cgroup-parent",
        "string",
        "Set the parent cgroup for the \"RUN\" instructions during build");
    flags.value("cpu-period", "int", "Limit the CPU CFS (Completely Fair Scheduler) period");
    flags.value("cpu-quota", "int", "Limit the CPU CFS (Completely Fair Scheduler) quota");
    flags.value("cpu-shares", 'c', "int", "CPU shares (relative weight)");
    flags.value("cpuset-cpus", "string", "CPUs in which to allow execution (0-3, 0,1)");
    flags.value("cpuset-mems", "string", "MEMs in which to allow execution (0-3, 0,1)");
    flags.value("file", 'f', "string", "Name of the Dockerfile (Default is \"PATH/Dockerfile\")");
    flags.toggle("force-rm", "Always remove intermediate containers");
    flags.value("iidfile", "string", "Write the image ID to the file");
    flags.list("label", "Set metadata for an image");
    flags.value("memory", 'm', "bytes", "Memory limit");
    flags.value(
        "memory-swap",
        "bytes",
        "Swap limit equal to memory plus swap: -1 to enable unlimited swap");
    flags.value(
        "network",
        NONE,
        "string",
        "Set the networking mode for the RUN instructions during build",
        "default");
    flags.toggle("no-cache", "Do not use cache when building the image");
    flags.value("platform", "string", "Set platform if server is multi-platform capable");
    flags.value("progress", NONE, "string", "Set type of progress output (auto, plain)", "auto");
    flags.toggle("pull", "Always attempt to pull a newer version of the image");
    flags.toggle("quiet", 'q', "Suppress the build output and print image ID on success");
    flags.toggleOn("rm", "Remove intermediate containers after a successful build");
    flags.value("shm-size", "bytes", "Size of \"/dev/shm\"");
    flags.list("tag", 't', "Name and optionally a tag in the \"name:tag\" format");
    flags.value("target", "string", "Set the target build stage to build.");
    flags.list("ulimit", "Ulimit options");
  }

  @Override
  public int run(Session session, Flags flags) {
    Source source = Source.of(session, flags.arguments().getFirst(), flags.text("file"));
    Request request = source.into(request(session, flags));
    StringBuilder id = new StringBuilder();
    boolean quiet = flags.isOn("quiet");
    boolean terminal = session.console().outIsTerminal() && !flags.text("progress").equals("plain");
    OutputStream out = quiet ? OutputStream.nullOutputStream() : session.console().out();
    try (Response response = session.engine().send(request)) {
      Progress progress =
          terminal && !quiet ? Progress.onTerminal(out, false) : Progress.plain(out);
      progress.show(response.jsonStream(), aux -> remember(aux, id));
    } catch (ProgressError e) {
      throw new Exit(e.code() == 0 ? 1 : e.code(), e.text(), e);
    }
    if (quiet) {
      session.console().line(id.toString());
    }
    writeId(flags.text("iidfile"), id.toString());
    return 0;
  }

  private static void remember(Json aux, StringBuilder id) {
    if (!aux.text("ID").isEmpty()) {
      id.setLength(0);
      id.append(aux.text("ID"));
    }
  }

  private static void writeId(String file, String id) {
    if (file.isEmpty()) {
      return;
    }
    if (id.isEmpty()) {
      throw new Exit(1, "the engine did not say the id of the image: " + file + " is not written");
    }
    try {
      Files.writeString(Path.of(file), id, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new Exit(1, "cannot write " + file + ": " + e, e);
    }
  }

  private static Request request(Session session, Flags flags) {
    Request request = Request.post("/build");
    for (String tag : flags.all("tag")) {
      request.query("t", tag);
    }
    Json.Obj arguments = Json.object();
    for (String word : flags.all("build-arg")) {
      if (word.indexOf('=') >= 0) {
        arguments.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
      } else if (session.hasVariable(word)) {
        arguments.put(word, session.variable(word));
      }
    }
    request.query("buildargs", arguments.write());
    request.query("labels", Pairs.of(flags.all("label")).write());
    if (!flags.all("cache-from").isEmpty()) {
      request.query("cachefrom", Json.Arr.of(flags.all("cache-from")).write());
    }
    for (String host : flags.all("add-host")) {
      request.query("extrahosts", host);
    }
    logins(session).ifPresent(header -> request.header("X-Registry-Config", header));
    request
        .query("nocache", flags.isOn("no-cache"))
        .query("pull", flags.isOn("pull"))
        .query("forcerm", flags.isOn("force-rm"))
        .query("rm", flags.isOn("rm") ? "1" : "0")
        .queryIf("target", flags.text("target"))
        .queryIf("platform", flags.text("platform"))
        .queryIf("cgroupparent", flags.text("cgroup-parent"))
        .queryIf("cpuperiod", flags.text("cpu-period"))
        .queryIf("cpuquota", flags.text("cpu-quota"))
        .queryIf("cpushares", flags.text("cpu-shares"))
        .queryIf("cpusetcpus", flags.text("cpuset-cpus"))
        .queryIf("cpusetmems", flags.text("cpuset-mems"))
        .query("networkmode", flags.text("network"));
    bytes(request, flags, "memory", "memory");
    bytes(request, flags, "shm-size", "shmsize");
    if (flags.text("memory-swap").equals("-1")) {
      request.query("memswap", "-1");
    } else {
      bytes(request, flags, "memory-swap", "memswap");
    }
    if (!flags.all("ulimit").isEmpty()) {
      Json.Arr ulimits = new Json.Arr();
      for (String ulimit : flags.all("ulimit")) {
        ulimits.add(Quantities.ulimit(flags, ulimit));
      }
      request.query("ulimits", ulimits.write());
    }
    return request;
  }

  private static void bytes(Request request, Flags flags, String option, String parameter) {
    if (flags.isSet(option)) {
      request.query(parameter, Long.toString(Quantities.bytes(flags, option, flags.text(option))));
    }
  }

  /** The logins for the registries that a Dockerfile may name, as the engine takes them. */
  private static Optional<String> logins(Session session) {
    Map<String, Credential> all = ClientConfig.of(session::variable).all();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Json.Obj json = Json.object();
    all.forEach((server, credential) -> json.put(server, credential.toJson()));
    byte[] text = json.write().getBytes(StandardCharsets.UTF_8);
    return Optional.of(Base64.getUrlEncoder().encodeToString(text));
  }
}
