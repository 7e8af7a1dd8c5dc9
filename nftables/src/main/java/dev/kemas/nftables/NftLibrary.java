package dev.kemas.nftables;

import dev.kemas.linux.NftablesLibrary;

/** By the library, without a process. */
final class NftLibrary implements Nftables {
  private final NftablesLibrary library = new NftablesLibrary();

  @Override
  public String run(String commands) {
    return run(commands, false);
  }

  @Override
  public String runJson(String commands) {
    return run(commands, true);
  }

  private String run(String commands, boolean json) {
    NftablesLibrary.Result result = library.run(commands, json);
    if (!result.done()) {
      throw NftComplaint.of(result.complaint(), NftablesLibrary::strerror);
    }
    return result.output();
  }

  @Override
  public void close() {
    library.close();
  }
}
