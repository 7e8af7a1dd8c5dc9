/** The distribution API on the wire: paths, headers, statuses, error bodies. */
@org.jspecify.annotations.NullMarked
package dev.kemas.registry.server.http;
