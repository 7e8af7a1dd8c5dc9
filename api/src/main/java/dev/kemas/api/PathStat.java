package dev.kemas.api;

/**
 * What {@code X-Docker-Container-Path-Stat} tells about a path of a container.
 *
 * @param mode as Go writes a file's mode: permissions, type in the high bits
 * @param mtime RFC 3339
 */
public record PathStat(String name, long size, long mode, String mtime, String linkTarget) {}
