/** Containers, their streams, commands in them and events in the API's words. */
@NullMarked
package dev.kemas.daemon.container;

import org.jspecify.annotations.NullMarked;
