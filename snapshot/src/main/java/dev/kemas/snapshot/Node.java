package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import java.time.Instant;
import java.util.Optional;

/**
 * A snapshot as it is recorded: {@code kind:created:name:parent[:bytes:inodes]}, the target of the
 * symbolic link {@code record} in its folder.
 *
 * @param id name of its folder
 * @param info what callers see
 * @param usage what it takes, once it was counted and if it cannot change any more
 */
record Node(long id, SnapshotInfo info, Optional<Usage> usage) {
  SnapshotName name() {
    return info.name();
  }

  SnapshotInfo.Kind kind() {
    return info.kind();
  }

  Node with(Usage counted) {
    return new Node(id, info, Optional.of(counted));
  }

  String encode() {
    String kind =
        switch (info.kind()) {
          case ACTIVE -> "active";
          case VIEW -> "view";
          case COMMITTED -> "committed";
        };
    return kind
        + ":"
        + info.createdAt().toEpochMilli()
        + ":"
        + info.name()
        + ":"
        + info.parent().map(SnapshotName::value).orElse("")
        + usage.map(u -> ":" + u.bytes() + ":" + u.inodes()).orElse("");
  }

  static Node decode(long id, String record) {
    String[] fields = record.split(":", -1);
    try {
      SnapshotInfo.Kind kind =
          switch (fields[0]) {
            case "active" -> SnapshotInfo.Kind.ACTIVE;
            case "view" -> SnapshotInfo.Kind.VIEW;
            case "committed" -> SnapshotInfo.Kind.COMMITTED;
            default -> throw new Fault.DataLoss("unknown kind " + fields[0]);
          };
      return new Node(
          id,
          new SnapshotInfo(
              new SnapshotName(fields[2]),
              kind,
              fields[3].isEmpty() ? Optional.empty() : Optional.of(new SnapshotName(fields[3])),
              Instant.ofEpochMilli(Long.parseLong(fields[1]))),
          fields.length > 5
              ? Optional.of(new Usage(Long.parseLong(fields[4]), Long.parseLong(fields[5])))
              : Optional.empty());
    } catch (IndexOutOfBoundsException | NumberFormatException | Fault e) {
      throw new Fault.DataLoss(
          "the record of snapshot folder "
              + id
              + " cannot be read: \""
              + record
              + "\"; put right or move away that folder and start again",
          e);
    }
  }
}
