package dev.kemas.snapshot;

/**
 * What a snapshot takes on the disk by itself, its parents not counted. A hard-linked file counts
 * once.
 *
 * @param bytes allocated, in bytes
 * @param inodes files, folders and all other entries, the root among them
 */
public record Usage(long bytes, long inodes) {}
