package dev.kemas.cli.container;

import dev.kemas.flag.Flags;

/** The options that {@code run} and {@code create} share. */
final class CreateFlags {
  private static final char NONE = 0;

  private CreateFlags() {}

  static void declare(Flags flags) {
    flags.stopAtFirstArgument();
    process(flags);
    storage(flags);
    network(flags);
    limits(flags);
    security(flags);
    health(flags);
    misc(flags);
  }

  private static void process(Flags flags) {
    flags.list("attach", 'a', "Attach to STDIN, STDOUT or STDERR");
    flags.value("entrypoint", "string", "Overwrite the default ENTRYPOINT of the image");
    flags.list("env", 'e', "Set environment variables");
    flags.list("env-file", "Read in a file of environment variables");
    flags.list("group-add", "Add additional groups to join");
    flags.value("hostname", 'h', "string", "Container host name");
    flags.value("domainname", "string", "Container NIS domain name");
    flags.toggle(
        "init", "Run an init inside the container that forwards signals and reaps processes");
    flags.toggle("interactive", 'i', "Keep STDIN open even if not attached");
    flags.value("stop-signal", "string", "Signal to stop the container");
    flags.value("stop-timeout", "int", "Timeout (in seconds) to stop a container");
    flags.toggle("tty", 't', "Allocate a pseudo-TTY");
    flags.value("user", 'u', "string", "Username or UID (format: <name|uid>[:<group|gid>])");
    flags.value("workdir", 'w', "string", "Working directory inside the container");
  }

  private static void storage(Flags flags) {
    flags.list("mount", "Attach a filesystem mount to the container");
    flags.toggle("read-only", "Mount the container's root filesystem as read only");
    flags.value("shm-size", "bytes", "Size of /dev/shm");
    flags.list("storage-opt", "Storage driver options for the container");
    flags.list("tmpfs", "Mount a tmpfs directory");
    flags.list("volume", 'v', "Bind mount a volume");
    flags.value("volume-driver", "string", "Optional volume driver for the container");
    flags.list("volumes-from", "Mount volumes from the specified container(s)");
  }

  private static void network(Flags flags) {
    flags.list("add-host", "Add a custom host-to-IP mapping (host:ip)");
    flags.list("dns", "Set custom DNS servers");
    flags.list("dns-option", "Set DNS options");
    flags.hiddenList("dns-opt");
    flags.list("dns-search", "Set custom DNS search domains");
    flags.list("expose", "Expose a port or a range of ports");
    flags.value("ip", "string", "IPv4 address (e.g., 172.30.100.104)");
    flags.value("ip6", "string", "IPv6 address (e.g., 2001:db8::33)");
    flags.list("link", "Add link to another container");
    flags.list("link-local-ip", "Container IPv4/IPv6 link-local addresses");
    flags.value("mac-address", "string", "Container MAC address (e.g., 92:d0:c6:0a:29:33)");
    flags.list("network", "Connect a container to a network");
    flags.hiddenList("net");
    flags.list("network-alias", "Add network-scoped alias for the container");
    flags.hiddenList("net-alias");
    flags.list("publish", 'p', "Publish a container's port(s) to the host");
    flags.toggle("publish-all", 'P', "Publish all exposed ports to random ports");
  }

  private static void limits(Flags flags) {
    flags.value(
        "blkio-weight", "int", "Block IO (relative weight), between 10 and 1000, or 0 to disable");
    flags.value("cgroup-parent", "string", "Optional parent cgroup for the container");
    flags.value("cpu-period", "int", "Limit CPU CFS (Completely Fair Scheduler) period");
    flags.value("cpu-quota", "int", "Limit CPU CFS (Completely Fair Scheduler) quota");
    flags.value("cpu-rt-period", "int", "Limit CPU real-time period in microseconds");
    flags.value("cpu-rt-runtime", "int", "Limit CPU real-time runtime in microseconds");
    flags.value("cpu-shares", 'c', "int", "CPU shares (relative weight)");
    flags.value("cpus", "decimal", "Number of CPUs");
    flags.value("cpuset-cpus", "string", "CPUs in which to allow execution (0-3, 0,1)");
    flags.value("cpuset-mems", "string", "MEMs in which to allow execution (0-3, 0,1)");
    flags.value("memory", 'm', "bytes", "Memory limit");
    flags.value("memory-reservation", "bytes", "Memory soft limit");
    flags.value(
        "memory-swap",
        "bytes",
        "Swap limit equal to memory plus swap: '-1' to enable unlimited swap");
    flags.value("memory-swappiness", "int", "Tune container memory swappiness (0 to 100)");
    flags.toggle("oom-kill-disable", "Disable OOM Killer");
    flags.value("oom-score-adj", "int", "Tune host's OOM preferences (-1000 to 1000)");
    flags.value("pids-limit", "int", "Tune container pids limit (set -1 for unlimited)");
    flags.list("ulimit", "Ulimit options");
  }

  private static void security(Flags flags) {
    flags.list("cap-add", "Add Linux capabilities");
    flags.list("cap-drop", "Drop Linux capabilities");
    flags.value("cgroupns", "string", "Cgroup namespace to use (host|private)");
    flags.list("device", "Add a host device to the container");
    flags.list("device-cgroup-rule", "Add a rule to the cgroup allowed devices list");
    flags.list("gpus", "GPU devices to add to the container ('all' to pass all GPUs)");
    flags.value("ipc", "string", "IPC mode to use");
    flags.value("pid", "string", "PID namespace to use");
    flags.toggle("privileged", "Give extended privileges to this container");
    flags.list("security-opt", "Security Options");
    flags.list("sysctl", "Sysctl options");
    flags.value("userns", "string", "User namespace to use");
    flags.value("uts", "string", "UTS namespace to use");
  }

  private static void health(Flags flags) {
    flags.value("health-cmd", "string", "Command to run to check health");
    flags.value("health-interval", "duration", "Time between running the check (ms|s|m|h)");
    flags.value("health-retries", "int", "Consecutive failures needed to report unhealthy");
    flags.value(
        "health-start-interval",
        "duration",
        "Time between running the check during the start period (ms|s|m|h)");
    flags.value(
        "health-start-period",
        "duration",
        "Start period for the container to initialize before starting health-retries countdown"
            + " (ms|s|m|h)");
    flags.value("health-timeout", "duration", "Maximum time to allow one check to run (ms|s|m|h)");
    flags.toggle("no-healthcheck", "Disable any container-specified HEALTHCHECK");
  }

  private static void misc(Flags flags) {
    flags.list(
        "annotation", "Add an annotation to the container (passed through to the OCI runtime)");
    flags.value("cidfile", "string", "Write the container ID to the file");
    flags.list("label", 'l', "Set meta data on a container");
    flags.list("label-file", "Read in a line delimited file of labels");
    flags.value("log-driver", "string", "Logging driver for the container");
    flags.list("log-opt", "Log driver options");
    flags.value("name", "string", "Assign a name to the container");
    flags.value("platform", "string", "Set platform if server is multi-platform capable");
    flags.value(
        "pull",
        NONE,
        "string",
        "Pull image before running (\"always\", \"missing\", \"never\")",
        "missing");
    flags.toggle("quiet", 'q', "Suppress the pull output");
    flags.value("restart", NONE, "string", "Restart policy to apply when a container exits", "no");
    flags.toggle(
        "rm",
        "Automatically remove the container and its associated anonymous volumes when it exits");
    flags.value("runtime", "string", "Runtime to use for this container");
  }
}
