/** The program {@code kemas-registry}: its flags and its life. */
@org.jspecify.annotations.NullMarked
package dev.kemas.registry.server.command;
