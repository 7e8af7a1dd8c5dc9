package dev.kemas.cli.build;

import dev.kemas.flag.Flags;

/** What {@code kemas build} can be told, with Docker's names and words where Docker has it. */
final class Options {
  private static final char NONE = 0;

  private Options() {}

  static void declare(Flags flags) {
    flags.list("add-host", "Add a custom host-to-IP mapping (format: \"host:ip\")");
    flags.list(
        "allow",
        "Allow extra privileged entitlement (e.g., \"network.host\", \"security.insecure\","
            + " \"device\")");
    flags.list("attest", "Attestation parameters (format: \"type=sbom,format=spdx\")");
    flags.list("build-arg", "Set build-time variables");
    flags.list(
        "build-context",
        "Additional build contexts (e.g., \"name=path\", \"name=https://host/app.git\")");
    flags.list(
        "cache-from",
        "External cache sources (e.g., \"user/app:cache\", \"type=local,src=path/to/dir\")");
    flags.list(
        "cache-to",
        "Cache export destinations (e.g., \"type=registry,ref=user/app:cache\","
            + " \"type=local,dest=path/to/dir\")");
    flags.value(
        "call",
        NONE,
        "string",
        "Set method for evaluating build (\"check\", \"outline\", \"targets\")",
        "build");
    flags.value(
        "cgroup-parent",
        "string",
        "Set the parent cgroup for the \"RUN\" instructions during build");
    flags.toggle("check", "Shorthand for \"--call=check\"");
    flags.value("cpu-period", "int", "Limit the CPU CFS (Completely Fair Scheduler) period");
    flags.value("cpu-quota", "int", "Limit the CPU CFS (Completely Fair Scheduler) quota");
    flags.value("cpu-shares", 'c', "int", "CPU shares (relative weight)");
    flags.value("cpuset-cpus", "string", "CPUs in which to allow execution (0-3, 0,1)");
    flags.value("cpuset-mems", "string", "MEMs in which to allow execution (0-3, 0,1)");
    flags.toggle("explain", "Say of each step why it ran");
    flags.value("file", 'f', "string", "Name of the Dockerfile (default: \"PATH/Dockerfile\")");
    flags.toggle("force-rm", "Always remove intermediate containers");
    flags.value("iidfile", "string", "Write the image ID to a file");
    flags.list("label", "Set metadata for an image");
    flags.toggle("load", "Put the result into the engine's images, which is done anyway");
    flags.value("memory", 'm', "bytes", "Memory limit");
    flags.value(
        "memory-swap",
        "bytes",
        "Swap limit equal to memory plus swap: -1 to enable unlimited swap");
    flags.value("metadata-file", "string", "Write build result metadata to a file");
    flags.value(
        "network",
        NONE,
        "string",
        "Set the networking mode for the \"RUN\" instructions during build",
        "default");
    flags.toggle("no-cache", "Do not use cache when building the image");
    flags.list("no-cache-filter", "Do not cache specified stages");
    flags.value(
        "on-error", "string", "Open a shell in a RUN that fails (\"shell\"): needs a terminal");
    flags.list("output", 'o', "Output destination (format: \"type=local,dest=path\")");
    flags.list("platform", "Set target platform for build");
    flags.value(
        "progress",
        NONE,
        "string",
        "Set type of progress output (\"auto\", \"plain\", \"tty\", \"quiet\", \"rawjson\")",
        "auto");
    flags.value("provenance", "string", "Shorthand for \"--attest=type=provenance\"");
    flags.toggle("pull", "Always attempt to pull all referenced images");
    flags.toggle("push", "Push the tags to their registries after the build");
    flags.toggle("quiet", 'q', "Suppress the build output and print image ID on success");
    flags.toggleOn("rm", "Remove intermediate containers after a successful build");
    flags.value("sbom", "string", "Shorthand for \"--attest=type=sbom\"");
    flags.list(
        "secret", "Secret to expose to the build (format: \"id=mysecret[,src=/local/secret]\")");
    flags.value("shm-size", "bytes", "Shared memory size for build containers");
    flags.value(
        "source-date-epoch",
        "string",
        "No file of the image is younger: seconds since 1970, or \"newest\" for the youngest"
            + " source file");
    flags.list(
        "ssh", "SSH agent socket to expose to the build (format: \"default|<id>=<socket>\")");
    flags.list("tag", 't', "Image identifier (format: \"[registry/]repository[:tag]\")");
    flags.value("target", "string", "Set the target build stage to build");
    flags.list("ulimit", "Ulimit options");
    flags.toggle("verify", "Build twice without cache and name every file that differs");
  }
}
