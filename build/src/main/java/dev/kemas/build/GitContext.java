package dev.kemas.build;

import dev.kemas.dockerfile.GitAddress;
import java.nio.file.Path;

/** A repository at a commit as a context. */
final class GitContext extends RemoteContext {
  private final String text;
  private final GitAddress address;
  private final Downloads downloads;
  private final Cancellation cancelled;

  /**
   * @param text the address as the client has it
   */
  GitContext(String text, GitAddress address, Downloads downloads, Cancellation cancelled) {
    this.text = text;
    this.address = address;
    this.downloads = downloads;
    this.cancelled = cancelled;
  }

  @Override
  String title() {
    return "load git source " + shown(text);
  }

  @Override
  Path load(TaskProgress progress) {
    progress.say("resolved to " + downloads.resolve(address, cancelled).commit());
    return downloads.checkOut(address, cancelled);
  }
}
