package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.flag.UsageError;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code --device /dev/a[:/dev/b[:rwm]]}, {@code --device vendor.com/class=name}, {@code --gpus}.
 */
final class DeviceSpecs {
  private DeviceSpecs() {}

  static void into(Json.Obj host, List<String> devices, List<String> gpus) {
    Json.Arr paths = new Json.Arr();
    Json.Arr requests = new Json.Arr();
    List<String> named = new ArrayList<>();
    for (String device : devices) {
      // a CDI name: vendor/class=device (container device interface, "Fully qualified name")
      if (!device.startsWith("/") && device.indexOf('/') > 0 && device.indexOf('=') > 0) {
        named.add(device);
      } else {
        paths.add(path(device));
      }
    }
    if (!named.isEmpty()) {
      requests.add(Json.object().put("Driver", "cdi").put("DeviceIDs", named));
    }
    for (String gpu : gpus) {
      requests.add(gpu(gpu));
    }
    if (!paths.items().isEmpty()) {
      host.put("Devices", paths);
    }
    if (!requests.items().isEmpty()) {
      host.put("DeviceRequests", requests);
    }
  }

  private static Json.Obj path(String text) {
    String[] parts = text.split(":", -1);
    String inside = parts[0];
    String permissions = "rwm";
    if (parts.length == 2 && isPermissions(parts[1])) {
      permissions = parts[1];
    } else if (parts.length > 1) {
      inside = parts[1];
    }
    if (parts.length == 3) {
      permissions = parts[2];
    }
    if (parts.length > 3 || parts[0].isEmpty() || !isPermissions(permissions)) {
      throw new UsageError("invalid device specification: " + text);
    }
    return Json.object()
        .put("PathOnHost", parts[0])
        .put("PathInContainer", inside)
        .put("CgroupPermissions", permissions);
  }

  private static boolean isPermissions(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("rwm".indexOf(text.charAt(i)) < 0 || text.indexOf(text.charAt(i)) != i) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static Json.Obj gpu(String text) {
    Json.Obj request = Json.object().put("Driver", "");
    List<String> capabilities = new ArrayList<>(List.of("gpu"));
    long count = 1;
    for (String field : Fields.split(text)) {
      int equal = field.indexOf('=');
      String key = equal < 0 ? "count" : field.substring(0, equal);
      String value = field.substring(equal + 1);
      switch (key) {
        case "count" -> count = value.equals("all") ? -1 : number(text, value);
        case "device" -> request.put("DeviceIDs", List.of(value.split(",", -1)));
        case "driver" -> request.put("Driver", value);
        case "capabilities" -> capabilities.addAll(List.of(value.split(",", -1)));
        default ->
            throw new UsageError(
                "invalid argument \""
                    + text
                    + "\" for \"--gpus\" flag: unexpected key '"
                    + key
                    + "'");
      }
    }
    if (request.get("DeviceIDs").isNull()) {
      request.put("Count", count);
    }
    return request.put("Capabilities", new Json.Arr().add(Json.Arr.of(capabilities)));
  }

  private static long number(String text, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new UsageError(
          "invalid argument \"" + text + "\" for \"--gpus\" flag: invalid count (" + value + ")",
          e);
    }
  }
}
