/**
 * Trees of files over a gRPC call, as BuildKit and its clients send them in either direction: the
 * sender lists its entries in order, the receiver asks for the files that it wants by their number
 * in the list, their content comes in parts, several files at a time, and the receiver says when it
 * has all (the protocol of the library fsutil).
 *
 * <p>Start at {@link dev.kemas.file.transfer.FileReceiver} and {@link
 * dev.kemas.file.transfer.FileSender}. This package does not know whose files they are, nor where
 * they go.
 */
@NullMarked
package dev.kemas.file.transfer;

import org.jspecify.annotations.NullMarked;
