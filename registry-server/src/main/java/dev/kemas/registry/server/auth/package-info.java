/** Who asks, and what they may: passwords, tokens, rights. It knows no HTTP but its credentials. */
@org.jspecify.annotations.NullMarked
package dev.kemas.registry.server.auth;
