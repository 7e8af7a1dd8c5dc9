package dev.kemas.network;

/** The parts of one instance, wired. */
record Parts(
    HostKernel kernel,
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
    NetworkCatalog catalog = new NetworkCatalog(settings, kernel, rules);
    SandboxWire wire = new SandboxWire(kernel);
    HostPorts ports = new HostPorts(kernel);
    Background background = new Background();
    return new Parts(
        kernel,
        rules,
        catalog,
        new SandboxPlanner(settings, catalog),
        wire,
        ports,
        new Publisher(settings, kernel, catalog, ports, rules),
        new NameService(kernel),
        background,
        new SparePool(settings, kernel, wire, background),
        new Teardown(kernel, background));
  }
}
