/** What operators see of a running registry: figures and an audit log. */
@org.jspecify.annotations.NullMarked
package dev.kemas.registry.server.watch;
