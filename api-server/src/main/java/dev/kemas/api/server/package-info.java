/** The Engine API over HTTP: one router a resource, each with its own backend interface. */
@NullMarked
package dev.kemas.api.server;

import org.jspecify.annotations.NullMarked;
