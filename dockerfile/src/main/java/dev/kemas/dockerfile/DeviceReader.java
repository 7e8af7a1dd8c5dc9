package dev.kemas.dockerfile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The value of {@code RUN --device}: a name, and perhaps that it is required. */
final class DeviceReader {
  private DeviceReader() {}

  static Device read(String text) throws Problem {
    String name = "";
    boolean required = false;
    for (String written : Settings.split(text)) {
      Settings.Setting setting = Settings.setting(written);
      Optional<String> value = setting.value();
      boolean isName = setting.key().equals("name") && value.isPresent();
      if (isName && !name.isEmpty()) {
        throw new Problem("device name already set to " + name);
      }
      if (isName) {
        name = value.get();
      } else if (setting.key().equals("required")) {
        required = value.isEmpty() || Settings.bool("required", value.get());
      } else if (name.isEmpty()) {
        name = written; // a CDI name has an equals sign of its own
      } else if (value.isEmpty()) {
        throw new Problem("invalid field '%s' must be a key=value pair".formatted(written));
      } else {
        String key = setting.key().toLowerCase(Locale.ROOT);
        throw new Problem(
            "unexpected key '%s' in '%s'%s"
                .formatted(key, written, Suggestion.of(key, List.of("name", "required"))));
      }
    }
    return new Device(name, required);
  }
}
