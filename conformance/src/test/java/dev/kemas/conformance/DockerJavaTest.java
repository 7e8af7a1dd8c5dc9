package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.UnauthorizedException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same engine through docker-java, as Testcontainers and IDEs use it. */
final class DockerJavaTest extends Engines {
  private DockerClient client;

  @BeforeAll
  void connect() {
    client =
        DockerClientImpl.getInstance(
            DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(daemon.address())
                .build(),
            new ZerodepDockerHttpClient.Builder().dockerHost(URI.create(daemon.address())).build());
  }

  @AfterAll
  void disconnect() throws IOException {
    client.close();
  }

  /** Collects both streams of a container or an exec. */
  private static final class Output extends ResultCallback.Adapter<Frame> {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void onNext(Frame frame) {
      text.append(frame.getStreamType())
          .append(' ')
          .append(new String(frame.getPayload(), java.nio.charset.StandardCharsets.UTF_8));
    }

    String text() {
      try {
        Assertions.assertTrue(awaitCompletion(30, TimeUnit.SECONDS), "the stream ends");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
      return text.toString();
    }
  }

  @Test
  void whoLogsInMayPushAndPull() throws IOException, InterruptedException {
    try (RealRegistry closed = RealRegistry.withUser()) {
      String repository = closed.host() + "/java/box";
      AuthConfig login =
          new AuthConfig()
              .withRegistryAddress(closed.host())
              .withUsername("me")
              .withPassword("sec:ret");
      assertThat(client.authCmd().withAuthConfig(login).exec().getStatus())
          .isEqualTo("Login Succeeded");
      assertThatThrownBy(() ->
              client
                  .authCmd()
                  .withAuthConfig(
                      new AuthConfig()
                          .withRegistryAddress(closed.host())
                          .withUsername("me")
                          .withPassword("wrong"))
                  .exec())
          .isInstanceOf(UnauthorizedException.class);
      client.tagImageCmd(Busybox.IMAGE, repository, "1").exec();
      assertThatThrownBy(() -> push(repository, new AuthConfig()))
          .isInstanceOf(DockerClientException.class);
      push(repository, login);
      client.removeImageCmd(repository + ":1").exec();
      assertThat(
              client
                  .pullImageCmd(repository)
                  .withTag("1")
                  .withAuthConfig(login)
                  .exec(new PullImageResultCallback())
                  .awaitCompletion(60, TimeUnit.SECONDS))
          .isTrue();
      assertThat(client.inspectImageCmd(repository + ":1").exec().getRepoDigests())
          .anyMatch(digest -> digest.startsWith(repository + "@sha256:"));
      client.removeImageCmd(repository + ":1").exec();
    }
  }

  private void push(String repository, AuthConfig login) throws InterruptedException {
    client
        .pushImageCmd(repository)
        .withTag("1")
        .withAuthConfig(login)
        .start()
        .awaitCompletion(60, TimeUnit.SECONDS);
  }

  @Test
  void aContainerRunsFromCreateToRemove() {
    String id =
        client
            .createContainerCmd(Busybox.IMAGE)
            .withName("java")
            .withCmd("sh", "-c", "echo $A; exit 4")
            .withEnv("A=b")
            .withLabels(Map.of("k", "v"))
            .withHostConfig(
                HostConfig.newHostConfig()
                    .withMemory(64L * 1024 * 1024)
                    .withBinds(new Bind("jv", new Volume("/v")))
                    .withPortBindings(new Ports(ExposedPort.tcp(80), Ports.Binding.empty())))
            .exec()
            .getId();
    client.startContainerCmd(id).exec();
    assertThat(
            client
                .waitContainerCmd(id)
                .exec(new WaitContainerResultCallback())
                .awaitStatusCode(30, TimeUnit.SECONDS))
        .isEqualTo(4);
    assertThat(
            client.logContainerCmd(id).withStdOut(true).withStdErr(true).exec(new Output()).text())
        .isEqualTo("STDOUT b\n");
    assertThat(client.inspectContainerCmd(id).exec().getConfig().getLabels())
        .containsEntry("k", "v");
    assertThat(client.inspectContainerCmd(id).exec().getHostConfig().getMemory())
        .isEqualTo(64L * 1024 * 1024);
    client.removeContainerCmd(id).exec();
    Assertions.assertThrows(NotFoundException.class, () -> client.inspectContainerCmd(id).exec());
    client.removeVolumeCmd("jv").exec();
  }

  @Test
  void anExecHasItsOwnStreamsAndItsOwnExitCode() {
    String id = client.createContainerCmd(Busybox.IMAGE).withCmd("sleep", "1000").exec().getId();
    client.startContainerCmd(id).exec();
    String exec =
        client
            .execCreateCmd(id)
            .withAttachStdout(true)
            .withAttachStderr(true)
            .withCmd("sh", "-c", "echo o; exit 5")
            .exec()
            .getId();
    assertThat(client.execStartCmd(exec).exec(new Output()).text()).isEqualTo("STDOUT o\n");
    assertThat(client.inspectExecCmd(exec).exec().getExitCodeLong()).isEqualTo(5);
  }

  @Test
  void faultsAreTheOnesItKnows() {
    client.createContainerCmd(Busybox.IMAGE).withName("twice").exec();
    Assertions.assertThrows(
        ConflictException.class,
        () -> client.createContainerCmd(Busybox.IMAGE).withName("twice").exec());
    Assertions.assertThrows(
        NotFoundException.class, () -> client.createContainerCmd("no/such:image").exec());
  }

  @Test
  void theEngineIntroducesItself() {
    assertThat(client.infoCmd().exec().getOsType()).isEqualTo("linux");
    assertThat(client.listImagesCmd().exec())
        .anySatisfy(i -> assertThat(i.getRepoTags()).contains(Busybox.IMAGE));
    Daemon.kemasOnly("other engines speak other versions");
    assertThat(client.versionCmd().exec().getApiVersion()).isEqualTo("1.51");
  }
}
