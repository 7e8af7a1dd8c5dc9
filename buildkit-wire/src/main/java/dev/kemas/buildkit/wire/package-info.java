/**
 * The messages of BuildKit's gRPC services, generated: one outer class a file of {@code
 * src/main/protobuf}. The numbers and types are BuildKit's; what a message means is known to its
 * users. Nothing is written here by hand.
 */
package dev.kemas.buildkit.wire;
