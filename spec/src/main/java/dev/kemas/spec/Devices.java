package dev.kemas.spec;

import dev.kemas.container.HostConfig;
import dev.kemas.fault.Fault;
import dev.kemas.oci.RuntimeSpec.Device;
import dev.kemas.oci.RuntimeSpec.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Device nodes and the rules of access to them: all denied but those that every container has
 * (config-linux.md, "Default Devices") and those asked for.
 */
record Devices(List<Device> nodes, List<DeviceRule> rules) {
  private static final Pattern RULE = Pattern.compile("([acb]) (\\d+|\\*):(\\d+|\\*) ([rwm]{1,3})");

  static Devices of(List<SpecInput.HostDevice> wanted, HostConfig host) {
    List<Device> nodes = wanted.stream().map(SpecInput.HostDevice::node).toList();
    if (host.privileged()) {
      return new Devices(
          nodes,
          List.of(rule(true, Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), "rwm")));
    }
    List<DeviceRule> rules = new ArrayList<>();
    rules.add(rule(false, Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), "rwm"));
    rules.add(rule(true, Optional.of("c"), OptionalLong.empty(), OptionalLong.empty(), "m"));
    rules.add(rule(true, Optional.of("b"), OptionalLong.empty(), OptionalLong.empty(), "m"));
    long[][] standard = {
      {1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 1}, {5, 2},
    };
    for (long[] number : standard) {
      rules.add(character(number[0], OptionalLong.of(number[1])));
    }
    rules.add(character(136, OptionalLong.empty()));
    for (SpecInput.HostDevice device : wanted) {
      rules.add(
          rule(
              true,
              Optional.of(device.node().type()),
              device.node().major(),
              device.node().minor(),
              device.access()));
    }
    host.resources().deviceCgroupRules().forEach(text -> rules.add(parse(text)));
    return new Devices(nodes, rules);
  }

  private static DeviceRule character(long major, OptionalLong minor) {
    return rule(true, Optional.of("c"), OptionalLong.of(major), minor, "rwm");
  }

  private static DeviceRule rule(
      boolean allow, Optional<String> type, OptionalLong major, OptionalLong minor, String access) {
    return new DeviceRule(allow, type, major, minor, Optional.of(access));
  }

  private static DeviceRule parse(String text) {
    Matcher matcher = RULE.matcher(text);
    if (!matcher.matches()) {
      throw new Fault.InvalidArgument("invalid device cgroup rule format: '" + text + "'");
    }
    return rule(
        true,
        Optional.of(matcher.group(1)),
        number(matcher.group(2)),
        number(matcher.group(3)),
        matcher.group(4));
  }

  private static OptionalLong number(String text) {
    return text.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }
}
