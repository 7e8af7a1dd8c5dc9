package dev.kemas.network;

import java.net.InetAddress;

/**
 * A port of a container that the host forwards to.
 *
 * @param protocol of the port
 * @param containerPort inside
 * @param hostAddress outside; {@code 0.0.0.0}: every address of the host
 * @param hostPort outside
 */
public record PublishedPort(
    PortRequest.Protocol protocol, int containerPort, InetAddress hostAddress, int hostPort) {}
