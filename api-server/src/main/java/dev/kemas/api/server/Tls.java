package dev.kemas.api.server;

import java.nio.file.Path;

/**
 * Mutual TLS for TCP: both sides show a certificate. Files in PEM.
 *
 * @param authority who signs the clients' certificates
 * @param certificate the daemon's, with those between it and the authority
 * @param key of the certificate, not encrypted
 */
public record Tls(Path authority, Path certificate, Path key) {}
