/**
 * What every command is made of: the {@link dev.kemas.cli.command.Command} itself, the session it
 * runs in, list output with {@code --format}, help. It knows no particular command but for their
 * names in {@link dev.kemas.cli.command.CommandTable}.
 */
@NullMarked
package dev.kemas.cli.command;

import org.jspecify.annotations.NullMarked;
