/** {@code doctor}: what this host offers to the engine, also when no engine runs. */
@NullMarked
package dev.kemas.cli.doctor;

import org.jspecify.annotations.NullMarked;
