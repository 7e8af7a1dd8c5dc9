package dev.kemas.synced.folder;

import java.time.Instant;

/**
 * What a copy of a folder takes.
 *
 * @param id its name here
 * @param entries how many
 * @param bytes of its files; what copies share is counted in each
 * @param used when it was given out last
 * @param inUse whether it cannot go now
 */
public record FolderUse(String id, long entries, long bytes, Instant used, boolean inUse) {}
