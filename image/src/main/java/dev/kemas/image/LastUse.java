package dev.kemas.image;

import java.time.Instant;

/**
 * The durable record of when an image was of use last: pulled, loaded, built or built on, run,
 * pushed, saved, tagged, or a container of it removed.
 */
record LastUse(Instant at) {}
