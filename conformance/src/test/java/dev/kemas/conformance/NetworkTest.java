package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Networks as containers, the host and their neighbours see them. */
final class NetworkTest extends Engines {
  private static final String WEB = "mkdir /w; echo hi > /w/x; exec httpd -f -p 80 -h /w";

  private static String get(String url) throws IOException, InterruptedException {
    return Command.of(
            "curl",
            "-sS",
            "--retry",
            "10",
            "--retry-connrefused",
            "--retry-delay",
            "0",
            "--max-time",
            "10",
            url)
        .run()
        .expect(0)
        .out();
  }

  @Test
  void aPublishedPortIsReachedFromTheHostAndFromContainers()
      throws IOException, InterruptedException {
    docker("run", "-d", "--name", "web", "-p", "0:80", "busybox", "sh", "-c", WEB);
    String port =
        docker("port", "web", "80").lines().findFirst().orElseThrow().replaceFirst(".*:", "");
    assertThat(get("http://127.0.0.1:" + port + "/x")).isEqualTo("hi\n");
    String gateway = inspect("web", "{{.NetworkSettings.Networks.bridge.Gateway}}");
    assertThat(get("http://" + gateway + ":" + port + "/x")).isEqualTo("hi\n");
    assertThat(
            docker(
                "run", "--rm", "busybox", "wget", "-qO-", "http://" + gateway + ":" + port + "/x"))
        .isEqualTo("hi\n");
    assertThat(docker("exec", "web", "wget", "-qO-", "http://" + gateway + ":" + port + "/x"))
        .isEqualTo("hi\n");
    assertThat(tryDocker("run", "--rm", "-p", port + ":80", "busybox", "true").expect(125).err())
        .contains("port is already allocated");
    docker("rm", "-f", "web");
    assertThat(
            Command.of("curl", "-sS", "--max-time", "2", "http://127.0.0.1:" + port).run().code())
        .isNotZero();
    docker("run", "--rm", "-p", port + ":80", "busybox", "true");
  }

  @Test
  void containersOfAUserDefinedNetworkKnowEachOtherByName()
      throws IOException, InterruptedException {
    docker("network", "create", "net");
    docker(
        "run",
        "-d",
        "--name",
        "web",
        "--network",
        "net",
        "--network-alias",
        "site",
        "busybox",
        "sh",
        "-c",
        WEB);
    assertThat(docker("run", "--rm", "--network", "net", "busybox", "wget", "-qO-", "http://web/x"))
        .isEqualTo("hi\n");
    assertThat(
            docker("run", "--rm", "--network", "net", "busybox", "wget", "-qO-", "http://site/x"))
        .isEqualTo("hi\n");
    assertThat(
            tryDocker("run", "--rm", "busybox", "wget", "-T", "2", "-qO-", "http://web/x").code())
        .isNotZero();
    String address = inspect("web", "{{.NetworkSettings.Networks.net.IPAddress}}");
    assertThat(
            tryDocker(
                    "run", "--rm", "busybox", "wget", "-T", "2", "-qO-", "http://" + address + "/x")
                .code())
        .isNotZero();
    assertThat(tryDocker("network", "rm", "net").expect(1).err()).contains("has active endpoints");
    docker("rm", "-f", "web");
    docker("network", "rm", "net");
  }

  @Test
  void noneHostAndAnotherContainersNetworkAreAsNamed() throws IOException, InterruptedException {
    assertThat(docker("run", "--rm", "--network", "none", "busybox", "ls", "/sys/class/net"))
        .isEqualTo("lo\n");
    assertThat(
            docker("run", "--rm", "--network", "host", "busybox", "readlink", "/proc/self/ns/net"))
        .isEqualTo(Command.of("readlink", "/proc/self/ns/net").run().out());
    docker("run", "-d", "--name", "web", "busybox", "sh", "-c", WEB);
    assertThat(
            docker(
                "run",
                "--rm",
                "--network",
                "container:web",
                "busybox",
                "wget",
                "-qO-",
                "http://127.0.0.1/x"))
        .isEqualTo("hi\n");
  }

  @Test
  void hostsAndServersAreWrittenForTheContainer() throws IOException, InterruptedException {
    assertThat(
            docker(
                "run",
                "--rm",
                "--add-host",
                "db:10.1.2.3",
                "--dns",
                "10.9.9.9",
                "--dns-search",
                "corp",
                "busybox",
                "cat",
                "/etc/hosts",
                "/etc/resolv.conf"))
        .contains("10.1.2.3\tdb")
        .contains("nameserver 10.9.9.9")
        .contains("search corp");
  }

  @Test
  void networksAreListedInspectedAndRemoved() throws IOException, InterruptedException {
    docker(
        "network",
        "create",
        "--subnet",
        "10.231.7.0/24",
        "--gateway",
        "10.231.7.9",
        "--label",
        "a=b",
        "sub");
    assertThat(
            docker(
                "network",
                "inspect",
                "-f",
                "{{(index .IPAM.Config 0).Gateway}} {{.Driver}} {{.Labels.a}}",
                "sub"))
        .isEqualTo("10.231.7.9 bridge b\n");
    assertThat(
            docker(
                "run",
                "--rm",
                "--network",
                "sub",
                "--ip",
                "10.231.7.77",
                "busybox",
                "ip",
                "addr",
                "show",
                "eth0"))
        .contains("10.231.7.77/24");
    assertThat(docker("network", "ls", "--format", "{{.Name}}").lines())
        .contains("bridge", "host", "none", "sub");
    assertThat(tryDocker("network", "create", "sub").expect(1).err()).contains("already exists");
    docker("network", "rm", "sub");
    assertThat(tryDocker("network", "rm", "bridge").expect(1).err())
        .contains("pre-defined network");
  }
}
