package dev.kemas.dockerfile;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Prints what was read, one instruction a line, leaving out what is empty. */
final class Printer {
  private Printer() {}

  static String print(Dockerfile dockerfile) {
    StringBuilder out = new StringBuilder();
    if (!dockerfile.directives().equals(Directives.DEFAULT)) {
      out.append("directives ").append(fields(dockerfile.directives())).append('\n');
    }
    for (Instruction.Arg arg : dockerfile.globalArguments()) {
      out.append(instruction(arg));
    }
    for (Stage stage : dockerfile.stages()) {
      out.append("stage ").append(stage.index()).append('\n');
      out.append(instruction(stage.from()));
      stage.instructions().forEach(instruction -> out.append(instruction(instruction)));
    }
    for (Lint lint : Checks.findings(dockerfile, CheckInputs.NONE)) {
      out.append(
          "lint %d %s: %s%n"
              .formatted(lint.range().startLine(), lint.rule().name(), lint.message()));
    }
    return out.toString();
  }

  private static String instruction(Instruction instruction) {
    String name = instruction.getClass().getSimpleName();
    return "  %s %s %s%n".formatted(instruction.range(), name, fields((Record) instruction));
  }

  private static String fields(Record value) {
    StringBuilder out = new StringBuilder();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        String text = text(component.getAccessor().invoke(value));
        if (!text.isEmpty()) {
          out.append(component.getName()).append('=').append(text).append(' ');
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return out.toString().stripTrailing();
  }

  private static String text(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.map(Printer::text).orElse("");
      case Collection<?> list when list.isEmpty() -> "";
      case Collection<?> list ->
          list.stream().map(Printer::text).sorted(order(list)).toList().toString();
      case Map<?, ?> map -> map.toString();
      case Node node -> "";
      case SourceRange range -> range.toString();
      case Boolean flag -> flag ? "yes" : "";
      case Integer number -> number == 0 ? "" : number.toString();
      case java.time.Duration duration -> duration.isZero() ? "" : duration.toString();
      case Enum<?> constant -> constant.ordinal() == 0 ? "" : constant.toString();
      case Record item -> item.getClass().getSimpleName() + "(" + fields(item) + ")";
      default -> "'" + value.toString().replace("\n", "\\n").replace("\t", "\\t") + "'";
    };
  }

  private static java.util.Comparator<String> order(Collection<?> values) {
    return values instanceof java.util.Set<?> ? java.util.Comparator.naturalOrder() : (a, b) -> 0;
  }
}
