package dev.kemas.network;

/**
 * The two files of a container that say who is where.
 *
 * @param resolvConf for {@code /etc/resolv.conf}
 * @param hosts for {@code /etc/hosts}
 */
public record ContainerFiles(String resolvConf, String hosts) {}
