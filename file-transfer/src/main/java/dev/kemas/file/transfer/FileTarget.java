package dev.kemas.file.transfer;

import dev.kemas.synced.folder.Entry;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Where a tree goes that is received. One thread. */
public interface FileTarget {
  /** Takes the next entry of the listing. */
  void announce(Entry entry);

  /** Takes the end of the listing. */
  void announced();

  /**
   * The number of a file to ask for, counted in the listing from 0; each one once. Empty when there
   * is none now: there may be one again after another entry or the end of another file.
   */
  OptionalLong next();

  /** Takes a part of a file that was asked for. */
  void receive(long id, ByteBuffer content);

  /** Takes the end of a file that was asked for. */
  void received(long id);

  /** Whether all is listed and all that was asked for is here. */
  boolean complete();
}
