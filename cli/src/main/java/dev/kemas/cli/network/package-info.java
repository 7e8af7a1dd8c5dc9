/** The commands about networks. */
@NullMarked
package dev.kemas.cli.network;

import org.jspecify.annotations.NullMarked;
