/**
 * Every system call: files beneath a root, mounts, namespaces, processes, terminals, sockets, the
 * bare transports on which {@code netlink} and {@code nftables} speak, and hashes by the host's
 * library. The one module with native access. Knows nothing of containers, images or records.
 *
 * <p>How a call is made: {@code Libc} binds a function once, {@code Scratch} holds its arguments
 * and errno, the result is the kernel's own (not negative, or the negated error number), and {@code
 * Failure} makes a fault of it where somebody decides that it is one. {@code Poller} lets a thread
 * wait for a descriptor without holding a carrier; {@link dev.kemas.linux.FreshThread} is for what
 * changes the thread itself.
 *
 * <p>Where to start: {@link dev.kemas.linux.RootDir} for files, {@link dev.kemas.linux.Mounter} for
 * mounts, {@link dev.kemas.linux.ChildProcess} for programs, {@link
 * dev.kemas.linux.NetworkNamespace}.
 */
@NullMarked
package dev.kemas.linux;

import org.jspecify.annotations.NullMarked;
