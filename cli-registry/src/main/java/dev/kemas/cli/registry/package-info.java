/** The commands about registries: login, push, search. */
@NullMarked
package dev.kemas.cli.registry;

import org.jspecify.annotations.NullMarked;
