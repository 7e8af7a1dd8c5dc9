/** What flows while a command runs: progress messages, and the streams of a container. */
@NullMarked
package dev.kemas.cli.stream;

import org.jspecify.annotations.NullMarked;
