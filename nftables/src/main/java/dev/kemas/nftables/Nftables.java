package dev.kemas.nftables;

import dev.kemas.fault.Fault;
import dev.kemas.linux.NftablesLibrary;

/**
 * Runs nftables commands (nft(8)) in the network namespace of the thread that opened it. One text
 * is one transaction: all of it happens or nothing.
 *
 * <p>Both implementations belong to the thread that opened them and must be used on it alone.
 */
public sealed interface Nftables extends AutoCloseable permits NftLibrary, NftProgram {
  /**
   * Runs commands.
   *
   * @param commands one a line, or a ruleset as in a file
   * @return what they print
   * @throws Fault.NotFound when a table, chain, set or element does not exist
   * @throws Fault.Conflict when one to be made exists
   * @throws Fault.Forbidden without CAP_NET_ADMIN
   * @throws Fault.Internal for anything else that nft refuses, with its own text
   */
  String run(String commands);

  /** The same with the output as JSON (libnftables-json(5)). */
  String runJson(String commands);

  @Override
  void close();

  /**
   * Opens the library if the host has it, else the program.
   *
   * @throws Fault.Unsupported when the host has neither
   */
  static Nftables open() {
    return NftablesLibrary.available() ? new NftLibrary() : NftProgram.find();
  }
}
