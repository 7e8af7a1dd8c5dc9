package dev.kemas.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Answers what can be answered from the networks' own names (RFC 1035). Pure but for the order. */
final class NameAnswers {
  /** Seconds; short, since a container that is made again has another address. */
  private static final int TTL = 30;

  private static final int SERVER_PAYLOAD = 1232;
  private static final int WITHOUT_EDNS = 512;

  private NameAnswers() {}

  /** The answer, or empty for a name that is not of these networks. */
  static Optional<Message> answer(Message query, List<NameTable> tables) {
    Optional<Record> question = Optional.ofNullable(query.getQuestion());
    if (query.getHeader().getFlag(Flags.QR) || question.isEmpty()) {
      return Optional.of(failure(query, Rcode.FORMERR));
    }
    if (query.getHeader().getOpcode() != Opcode.QUERY) {
      return Optional.of(failure(query, Rcode.NOTIMP));
    }
    Record asked = question.get();
    if (asked.getDClass() != DClass.IN && asked.getDClass() != DClass.ANY) {
      return Optional.empty();
    }
    if (asked.getType() == Type.PTR) {
      return reverse(query, asked, tables);
    }
    String name = asked.getName().toString(true);
    for (NameTable table : tables) {
      Optional<List<InetAddress>> addresses = table.find(name);
      if (addresses.isPresent()) {
        return Optional.of(forward(query, asked, addresses.get()));
      }
    }
    return Optional.empty();
  }

  /** A name that is known has an answer for every type, often an empty one. */
  private static Message forward(Message query, Record asked, List<InetAddress> addresses) {
    Message response = start(query, Rcode.NOERROR);
    List<InetAddress> order = new ArrayList<>(addresses);
    Collections.shuffle(order);
    for (InetAddress address : order) {
      boolean v6 = address.getAddress().length == 16;
      int type = v6 ? Type.AAAA : Type.A;
      if (asked.getType() == type || asked.getType() == Type.ANY) {
        response.addRecord(
            v6
                ? new AAAARecord(asked.getName(), DClass.IN, TTL, address)
                : new ARecord(asked.getName(), DClass.IN, TTL, address),
            Section.ANSWER);
      }
    }
    return response;
  }

  private static Optional<Message> reverse(Message query, Record asked, List<NameTable> tables) {
    InetAddress address;
    try {
      address = ReverseMap.fromName(asked.getName());
    } catch (java.net.UnknownHostException e) {
      return Optional.empty(); // a PTR of something else, such as a service: not ours to judge
    }
    for (NameTable table : tables) {
      Optional<String> name = table.find(address);
      if (name.isPresent()) {
        try {
          Message response = start(query, Rcode.NOERROR);
          Name target = Name.fromString(name.get(), Name.root);
          response.addRecord(
              new PTRRecord(asked.getName(), DClass.IN, TTL, target), Section.ANSWER);
          return Optional.of(response);
        } catch (TextParseException e) {
          return Optional.of(failure(query, Rcode.NXDOMAIN)); // no name that DNS could carry
        }
      }
    }
    return Optional.empty();
  }

  /** An answer that says only why there is none. */
  static Message failure(Message query, int code) {
    return start(query, code);
  }

  private static Message start(Message query, int code) {
    Message response = new Message(query.getHeader().getID());
    response.getHeader().setFlag(Flags.QR);
    response.getHeader().setFlag(Flags.RA);
    if (query.getHeader().getFlag(Flags.RD)) {
      response.getHeader().setFlag(Flags.RD);
    }
    response.getHeader().setOpcode(query.getHeader().getOpcode());
    response.getHeader().setRcode(code);
    Optional.ofNullable(query.getQuestion())
        .ifPresent(question -> response.addRecord(question, Section.QUESTION));
    if (query.getOPT() != null) {
      response.addRecord(new OPTRecord(SERVER_PAYLOAD, 0, 0), Section.ADDITIONAL);
    }
    return response;
  }

  /** The bytes of an answer, cut with the flag TC to what the asker takes in one datagram. */
  static byte[] wire(Message response, Message query, boolean tcp) {
    if (tcp) {
      return response.toWire(65535);
    }
    OPTRecord edns = query.getOPT();
    int most = edns == null ? WITHOUT_EDNS : Math.max(WITHOUT_EDNS, edns.getPayloadSize());
    return response.toWire(most);
  }
}
