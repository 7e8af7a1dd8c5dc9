/**
 * BuildKit's control and gateway services upon the builder, so that its clients build here and show
 * progress as they do elsewhere. A client solves: {@link Solve} is one of its builds, from the
 * request to the record of it. The client's files, secrets and registries' logins come through a
 * {@link ClientSession}. What is asked for as a graph of BuildKit's own operations is refused: the
 * frontend here is the Dockerfile's. Start with {@link BuildkitServices}.
 */
@NullMarked
package dev.kemas.buildkit;

import org.jspecify.annotations.NullMarked;
