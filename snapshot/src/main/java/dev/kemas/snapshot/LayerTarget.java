package dev.kemas.snapshot;

import java.nio.file.Path;

/**
 * Where a layer's entries go.
 *
 * @param root the folder that stands for {@code /}
 * @param whiteouts how removals are laid down in it
 */
public record LayerTarget(Path root, WhiteoutFormat whiteouts) {}
