/**
 * Logins to registries in the configuration file of Docker's clients, or with the helper programs
 * that it names. Start at {@link dev.kemas.credential.ClientConfig}. It knows no registry: who asks
 * one is the engine.
 */
@NullMarked
package dev.kemas.credential;

import org.jspecify.annotations.NullMarked;
