/** The commands about registries: login, push, search, and serving one. */
@NullMarked
package dev.kemas.cli.registry;

import org.jspecify.annotations.NullMarked;
