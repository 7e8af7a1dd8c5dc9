package dev.kemas.network;

import dev.kemas.dns.NameService;

/** The parts of one instance, wired. */
record Parts(
    HostKernel kernel,
    Forwarding forwarding,
    RuleTable rules,
    NetworkCatalog catalog,
    SandboxPlanner planner,
    SandboxWire wire,
    HostPorts ports,
    Publisher publisher,
    NameService names,
    Background background,
    SparePool spares,
    Teardown teardown) {

  static Parts of(NetworkSettings settings, NetworkRecords records, HostKernel.Probe probe) {
    HostKernel kernel = new HostKernel(settings, records, probe);
    RuleTable rules = new RuleTable(kernel, settings.instance());
    Forwarding forwarding = new Forwarding(kernel);
    NetworkCatalog catalog = new NetworkCatalog(settings, kernel, rules, forwarding);
    SandboxPlanner planner = new SandboxPlanner(settings, catalog);
    SandboxWire wire = new SandboxWire(kernel);
    HostPorts ports = new HostPorts(kernel);
    Background background = new Background();
    return new Parts(
        kernel,
        forwarding,
        rules,
        catalog,
        planner,
        wire,
        ports,
        new Publisher(settings, kernel, catalog, ports, rules, background),
        new NameService(kernel::openInHost),
        background,
        new SparePool(settings, kernel, planner, wire, background),
        new Teardown(kernel, background));
  }
}
