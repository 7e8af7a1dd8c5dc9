package dev.kemas.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.address.Subnet;
import dev.kemas.dns.DnsSettings;
import dev.kemas.linux.NetworkNamespace;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Names inside containers, asked for over real sockets. */
final class NamesTest {
  private static final InetAddress ENGINE = Lab.ip("127.0.0.11");

  @TempDir Path folder;
  private Lab lab;
  private Networks networks;

  @BeforeEach
  void makeHost() throws IOException {
    lab = new Lab(folder);
    Files.writeString(folder.resolve("resolv.conf"), "nameserver 203.0.113.2\nsearch lan\n");
    networks = lab.open();
    networks.create(NetworkSpec.of("web"));
  }

  @AfterEach
  void removeHost() throws IOException {
    lab.close();
  }

  private static Message query(String name, int type) {
    try {
      return Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), type, DClass.IN));
    } catch (TextParseException e) {
      throw new AssertionError(e);
    }
  }

  private static Message answerOf(Message query, int code) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setRcode(code);
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    return answer;
  }

  /** As much as the asker takes in one datagram (RFC 6891, section 6.2.3). */
  private static byte[] cut(Message answer, Message query) {
    return answer.toWire(
        query.getOPT() == null ? 512 : Math.max(512, query.getOPT().getPayloadSize()));
  }

  private static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(message.length + 2)
        .putShort((short) message.length)
        .put(message)
        .array();
  }

  private static Message udp(NetworkNamespace where, Message query) throws IOException {
    try (DatagramChannel channel =
        where.call(() -> DatagramChannel.open(StandardProtocolFamily.INET))) {
      byte[] bytes = query.toWire();
      channel.socket().setSoTimeout(5000);
      channel
          .socket()
          .send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(ENGINE, 53)));
      DatagramPacket answer = new DatagramPacket(new byte[65535], 65535);
      channel.socket().receive(answer);
      assertThat(answer.getSocketAddress()).isEqualTo(new InetSocketAddress(ENGINE, 53));
      return new Message(java.util.Arrays.copyOf(answer.getData(), answer.getLength()));
    }
  }

  private static Message tcp(NetworkNamespace where, Message query) throws IOException {
    try (SocketChannel channel =
        where.call(() -> SocketChannel.open(StandardProtocolFamily.INET))) {
      channel.socket().connect(new InetSocketAddress(ENGINE, 53), 5000);
      channel.socket().setSoTimeout(5000);
      channel.socket().getOutputStream().write(framed(query.toWire()));
      DataInputStream in = new DataInputStream(channel.socket().getInputStream());
      byte[] bytes = new byte[in.readUnsignedShort()];
      in.readFully(bytes);
      return new Message(bytes);
    }
  }

  private List<String> answers(Message message) {
    return message.getSection(Section.ANSWER).stream().map(Record::rdataToString).sorted().toList();
  }

  private List<String> find(Sandbox who, String name) throws IOException {
    Message answer = udp(lab.inside(who), query(name, Type.A));
    assertThat(answers(tcp(lab.inside(who), query(name, Type.A)))).isEqualTo(answers(answer));
    return answers(answer);
  }

  private static String address(Sandbox sandbox) {
    return Subnet.text(sandbox.endpoints().getFirst().ipv4().orElseThrow().address());
  }

  /** A server of the world outside, on UDP and TCP; it answers what the function says. */
  private void serveOutside(UnaryOperator<Message> answer) {
    DatagramChannel udp =
        lab.outside.call(() ->
            DatagramChannel.open(StandardProtocolFamily.INET)
                .bind(new InetSocketAddress("0.0.0.0", 53)));
    ServerSocketChannel tcp =
        lab.outside.call(() ->
            ServerSocketChannel.open(StandardProtocolFamily.INET)
                .bind(new InetSocketAddress("0.0.0.0", 53)));
    serve(
        udp,
        () -> {
          DatagramPacket p = new DatagramPacket(new byte[4096], 4096);
          udp.socket().receive(p);
          Message query = new Message(java.util.Arrays.copyOf(p.getData(), p.getLength()));
          byte[] bytes = cut(answer.apply(query), query);
          udp.socket().send(new DatagramPacket(bytes, bytes.length, p.getSocketAddress()));
        });
    serve(
        tcp,
        () -> {
          try (SocketChannel c = tcp.accept()) {
            DataInputStream in = new DataInputStream(c.socket().getInputStream());
            byte[] bytes = new byte[in.readUnsignedShort()];
            in.readFully(bytes);
            Message query = new Message(bytes);
            c.socket().getOutputStream().write(framed(answer.apply(query).toWire()));
          }
        });
  }

  private interface Turn {
    void take() throws IOException;
  }

  private void serve(Closeable channel, Turn turn) {
    lab.owns(channel);
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              turn.take();
            }
          } catch (ClosedChannelException | java.net.SocketException e) {
            return;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static Message with(Message query, int count) {
    Message response = answerOf(query, Rcode.NOERROR);
    Record question = query.getQuestion();
    for (int i = 0; i < count; i++) {
      response.addRecord(
          new ARecord(question.getName(), DClass.IN, 60, Lab.ip("198.51.100." + (i + 1))),
          Section.ANSWER);
    }
    return response;
  }

  @Test
  void aContainerIsFoundByNameAliasShortIdAndHostName() throws IOException {
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    Sandbox db =
        networks.open(
            Lab.sandbox("db")
                .withEndpoints(
                    List.of(EndpointSpec.to("web").withAliases(List.of("database", "sql")))));
    assertThat(db.endpoints().getFirst().names())
        .containsExactly("db", "database", "sql", db.container().shortId(), "db-host");
    for (String name : db.endpoints().getFirst().names()) {
      assertThat(find(asker, name)).as(name).containsExactly(address(db));
    }
    assertThat(find(asker, "DB")).containsExactly(address(db));
    assertThat(find(asker, "db.web")).containsExactly(address(db));
    assertThat(find(asker, "asker")).containsExactly(address(asker));
    networks.rename("db", "renamed");
    assertThat(find(asker, "renamed")).containsExactly(address(db));
  }

  @Test
  void oneAliasOfSeveralContainersHasAllTheirAddresses() throws IOException {
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    EndpointSpec worker = EndpointSpec.to("web").withAliases(List.of("worker"));
    Sandbox one = networks.open(Lab.sandbox("one").withEndpoints(List.of(worker)));
    Sandbox two = networks.open(Lab.sandbox("two").withEndpoints(List.of(worker)));
    assertThat(find(asker, "worker")).containsExactlyInAnyOrder(address(one), address(two));
    networks.close("one");
    assertThat(find(asker, "worker")).containsExactly(address(two));
  }

  @Test
  void aKnownNameWithoutAnAddressOfTheKindIsEmptyAndNoError() throws IOException {
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    for (int type : new int[] {Type.AAAA, Type.MX, Type.TXT}) {
      Message answer = udp(lab.inside(asker), query("asker", type));
      assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(answer.getSection(Section.ANSWER)).isEmpty();
      assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
    }
  }

  @Test
  void anAddressHasItsContainersName() throws IOException {
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    Sandbox db = networks.open(Lab.sandbox("db", "web"));
    String reverse = ReverseMap.fromAddress(address(db)).toString(true);
    assertThat(answers(udp(lab.inside(asker), query(reverse, Type.PTR))))
        .containsExactly("db.web.");
  }

  @Test
  void namesOfOtherNetworksAreNotKnown() throws IOException {
    serveOutside(query -> answerOf(query, Rcode.NXDOMAIN));
    networks.create(NetworkSpec.of("other"));
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    networks.open(Lab.sandbox("stranger", "other"));
    networks.open(Lab.sandbox("default", "bridge"));
    assertThat(udp(lab.inside(asker), query("stranger", Type.A)).getRcode())
        .isEqualTo(Rcode.NXDOMAIN);
    assertThat(udp(lab.inside(asker), query("default", Type.A)).getRcode())
        .isEqualTo(Rcode.NXDOMAIN);
    networks.connect("asker", EndpointSpec.to("other"));
    assertThat(find(asker, "stranger")).hasSize(1);
  }

  @Test
  void otherNamesAreAskedFromTheHostsServers() throws IOException {
    serveOutside(query -> with(query, 1));
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    assertThat(find(asker, "example.com")).containsExactly("198.51.100.1");
  }

  @Test
  void anAnswerThatIsTooLongComesByTcpOrByEdns() throws IOException {
    serveOutside(query -> with(query, 60));
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    NetworkNamespace inside = lab.inside(asker);
    Message plain = udp(inside, query("example.com", Type.A));
    assertThat(plain.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(tcp(inside, query("example.com", Type.A)).getSection(Section.ANSWER)).hasSize(60);
    Message edns = query("example.com", Type.A);
    edns.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
    assertThat(udp(inside, edns).getSection(Section.ANSWER)).hasSize(60);
  }

  @Test
  void manyContainersOfOneAliasAreCutForUdpToo() throws IOException {
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    EndpointSpec worker = EndpointSpec.to("web").withAliases(List.of("worker"));
    for (int i = 0; i < 40; i++) {
      networks.open(Lab.sandbox("w" + i).withEndpoints(List.of(worker)));
    }
    NetworkNamespace inside = lab.inside(asker);
    assertThat(udp(inside, query("worker", Type.A)).getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(tcp(inside, query("worker", Type.A)).getSection(Section.ANSWER)).hasSize(40);
  }

  @Test
  void theContainersOwnServersAreAskedInTheirOrderAndASilentOneIsLeft() throws IOException {
    serveOutside(query -> with(query, 2));
    Sandbox asker =
        networks.open(
            Lab.sandbox("asker", "web")
                .withDns(
                    new DnsSettings(
                        List.of(Lab.ip("203.0.113.1"), Lab.OUTSIDE), List.of(), List.of())));
    assertThat(find(asker, "example.com")).hasSize(2);
  }

  @Test
  void whereNobodyAnswersTheFailureIsTold() throws IOException {
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    assertThat(udp(lab.inside(asker), query("example.com", Type.A)).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void anInternalNetworkKnowsItsNamesAndAsksNobody() throws IOException {
    serveOutside(query -> with(query, 1));
    networks.create(NetworkSpec.of("closed").withInternal(true));
    Sandbox asker = networks.open(Lab.sandbox("asker", "closed"));
    assertThat(find(asker, "asker")).hasSize(1);
    assertThat(udp(lab.inside(asker), query("example.com", Type.A)).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void aContainerMayHaveANameServerOfItsOwn() throws IOException {
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    NetworkNamespace inside = lab.inside(asker);
    lab.owns(Talk.serveUdp(inside, 53, "own"));
    lab.owns(Talk.serveTcp(inside, 53, "own"));
    assertThat(find(asker, "asker")).hasSize(1);
    assertThat(Talk.udp(inside, Lab.ip("127.0.0.1"), 53)).startsWith("own");
  }

  @Test
  void namesAreAnsweredAgainAfterARestart() throws IOException {
    MemoryRecords records = new MemoryRecords();
    Networks before = Networks.open(lab.settings("u"), records);
    before.reconcile(Set.of());
    before.create(NetworkSpec.of("net"));
    before.open(Lab.sandbox("asker", "net"));
    before.close();
    Networks after = Networks.open(lab.settings("u"), records);
    lab.owns(after::destroy);
    after.reconcile(Set.of("asker"));
    assertThat(find(after.sandbox("asker").orElseThrow(), "asker")).hasSize(1);
  }

  @Test
  void nonsenseIsRefusedOrDropped() throws IOException {
    Sandbox asker = networks.open(Lab.sandbox("asker", "web"));
    NetworkNamespace inside = lab.inside(asker);
    Message noQuestion = new Message(7);
    assertThat(udp(inside, noQuestion).getRcode()).isEqualTo(Rcode.FORMERR);
    Message update = query("asker", Type.A);
    update.getHeader().setOpcode(org.xbill.DNS.Opcode.UPDATE);
    assertThat(udp(inside, update).getRcode()).isEqualTo(Rcode.NOTIMP);
    try (DatagramChannel channel =
        inside.call(() -> DatagramChannel.open(StandardProtocolFamily.INET))) {
      for (byte[] bytes : new byte[][] {{}, {1}, new byte[11], new byte[4096]}) {
        channel.send(java.nio.ByteBuffer.wrap(bytes), new InetSocketAddress(ENGINE, 53));
      }
    }
    assertThat(find(asker, "asker")).hasSize(1);
  }

  @Test
  void onTheDefaultNetworkTheHostsServersAreNamedDirectly() throws IOException {
    Sandbox plain = networks.open(Lab.sandbox("plain", "bridge"));
    assertThat(networks.files("plain", List.of()).resolvConf())
        .contains("nameserver 203.0.113.2\n")
        .contains("search lan\n")
        .doesNotContain("127.0.0.11");
    networks.open(Lab.sandbox("asker", "web"));
    assertThat(networks.files("asker", List.of()).resolvConf())
        .contains("nameserver 127.0.0.11\n")
        .contains("options ndots:0\n");
    assertThat(
            networks
                .files(
                    "plain",
                    List.of(ExtraHost.parse("up:host-gateway"), ExtraHost.parse("x:10.0.0.1")))
                .hosts())
        .contains("127.0.0.1\tlocalhost\n")
        .contains("172.17.0.1\tup\n")
        .contains("10.0.0.1\tx\n")
        .contains(address(plain) + "\tplain-host\n");
  }

  @Test
  void whereTheHostHasOnlyAServerOfItsOwnTheEngineAsksIt() throws IOException {
    Files.writeString(folder.resolve("resolv.conf"), "nameserver 127.0.0.53\n");
    Sandbox plain = networks.open(Lab.sandbox("plain", "bridge"));
    boolean behindStub = Files.exists(Path.of("/run/systemd/resolve/resolv.conf"));
    String text = networks.files("plain", List.of()).resolvConf();
    assertThat(text.contains("127.0.0.11")).isEqualTo(!behindStub);
    assertThat(text).doesNotContain("127.0.0.53");
    assertThat(plain.endpoints().getFirst().names()).isEmpty();
  }
}
