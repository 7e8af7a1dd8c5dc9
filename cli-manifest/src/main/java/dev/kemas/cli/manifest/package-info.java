/**
 * {@code kemas manifest}: images of several platforms put together under one name. The lists are
 * kept beside the client's configuration and pushed by this program itself; no engine is asked.
 * {@link dev.kemas.cli.manifest.Main} is where to start.
 */
@NullMarked
package dev.kemas.cli.manifest;

import org.jspecify.annotations.NullMarked;
