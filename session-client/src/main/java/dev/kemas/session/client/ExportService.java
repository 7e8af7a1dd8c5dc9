package dev.kemas.session.client;

import dev.kemas.buildkit.wire.FileSync.BytesMessage;
import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FileReceiver;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.Handler;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes results. */
final class ExportService implements Handler {
  private static final String ABOUT = "exporter-md-";

  private final Map<Integer, Destination> destinations;

  ExportService(Map<Integer, Destination> destinations) {
    this.destinations = Map.copyOf(destinations);
  }

  @Override
  public void handle(Call call) throws IOException {
    String id = call.metadata("buildkit-attachable-exporter-id").orElse("0");
    Destination destination = id.matches("\\d{1,9}") ? destinations.get(Integer.valueOf(id)) : null;
    switch (destination) {
      case null -> throw new Fault.NotFound("exporter", id, "exporter " + id + " not found");
      case Destination.Folder folder -> {
        Files.createDirectories(folder.folder());
        try (FolderTarget target = new FolderTarget(folder.folder())) {
          FileReceiver.receive(call, target);
        }
      }
      case Destination.Stream stream -> {
        Map<String, String> about = new TreeMap<>();
        call.metadata()
            .forEach((name, values) -> {
              if (name.startsWith(ABOUT)) {
                about.put(name.substring(ABOUT.length()), String.join(",", values));
              }
            });
        try (Destination.Taking taking = stream.begin(about)) {
          Optional<BytesMessage> next = call.receive(BytesMessage.parser());
          while (next.isPresent()) {
            next.get().getData().writeTo(taking.bytes());
            next = call.receive(BytesMessage.parser());
          }
          taking.complete();
        }
      }
    }
  }
}
