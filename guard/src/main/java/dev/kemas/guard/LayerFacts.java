package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction;

/**
 * A layer that this build made or took from its cache; layers of base images are not the build's.
 *
 * @param instruction what made it
 * @param bytes of its files, unpacked
 */
public record LayerFacts(Instruction instruction, long bytes, LayerFiles files) {}
