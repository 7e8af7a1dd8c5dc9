package dev.kemas.synced.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class KillTest {
  private static final int KILLS = 12;

  @TempDir Path temp;

  @Test
  void whatAKilledProcessLeavesIsNeverTakenForWhatItIsNot() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int number = 0;
    int kept = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      number = runAndKill(number, random.nextInt(40_000_000));
      try (SyncedFolders folders =
          SyncedFolders.open(temp, FolderLimits.DEFAULT, Clock.systemUTC())) {
        // the state that was being received, one before it, or another one
        Client client = KilledSync.state(number - random.nextInt(3));
        try (FolderSync sync = folders.begin(KilledSync.KEY);
            SyncedFolder folder = client.send(sync)) {
          assertThat(TreeText.of(folder))
              .as("seed %d, kill %d", seed, kill)
              .isEqualTo(client.wanted());
          kept += client.asked.size() < client.entries().size() / 2 ? 1 : 0;
        }
        assertThat(folders.list()).hasSize(1);
      }
    }
    assertThat(kept).as("times that most was kept, seed %d", seed).isPositive();
  }

  /** Lets it receive some states and kills it a drawn time after one has begun. */
  private int runAndKill(int from, int nanoseconds) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    KilledSync.class.getName(),
                    temp.toString(),
                    String.valueOf(from)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int number = from;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < 4; i++) {
        number = Integer.parseInt(String.valueOf(out.readLine()));
      }
      // not a wait for anything: it draws the line at which the process dies
      LockSupport.parkNanos(nanoseconds);
      process.toHandle().destroyForcibly();
      process.waitFor();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        number = Integer.parseInt(line);
      }
    } finally {
      process.destroyForcibly();
    }
    return number;
  }
}
