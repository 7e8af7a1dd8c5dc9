package dev.kemas.dockerfile;

import java.util.Optional;

/**
 * An option before an instruction's arguments: {@code --name} or {@code --name=value}.
 *
 * @param name without the dashes
 * @param value what follows the equals sign; empty for a bare flag
 */
public record Flag(String name, Optional<String> value, SourceRange range) {}
