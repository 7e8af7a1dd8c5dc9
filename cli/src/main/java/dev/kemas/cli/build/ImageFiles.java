package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an image consists of, read from {@code GET /images/get}.
 *
 * @param config its configuration
 * @param layers the files of each layer by their path, from the lowest layer on
 */
record ImageFiles(Json config, List<SortedMap<String, Facts>> layers) {
  private static final int BUFFER = 64 * 1024;
  private static final int LARGEST_JSON = 4 * 1024 * 1024;

  /**
   * A file of a layer.
   *
   * @param digest of its content; of a link where it leads
   */
  record Facts(char type, long mode, long uid, long gid, String mtime, long size, String digest) {}

  /** Reads an image; its layers flow by once and are kept nowhere. */
  static ImageFiles of(Session session, String id) {
    Map<String, SortedMap<String, Facts>> archives = new HashMap<>();
    Map<String, Json> texts = new HashMap<>();
    try (Response response = session.engine().send(Request.get("/images/get").query("names", id))) {
      TarReader tar = new TarReader(new BufferedInputStream(response.body(), BUFFER));
      Optional<TarReader.Member> next = tar.next();
      while (next.isPresent()) {
        TarReader.Member member = next.get();
        if (member.type() == '0') {
          read(member, tar.content(), archives, texts);
        }
        next = tar.next();
      }
      response.body().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new Exit(1, "cannot read the image " + id + " from the engine: " + e.getMessage(), e);
    }
    List<Json> manifest = texts.getOrDefault("manifest.json", Json.Null.VALUE).items();
    if (manifest.size() != 1) {
      throw new Exit(1, "the engine did not give one image for " + id);
    }
    List<SortedMap<String, Facts>> layers = new ArrayList<>();
    for (Json layer : manifest.getFirst().get("Layers").items()) {
      layers.add(archives.getOrDefault(layer.text(), new TreeMap<>()));
    }
    Json config = texts.getOrDefault(manifest.getFirst().text("Config"), Json.Null.VALUE);
    return new ImageFiles(config, layers);
  }

  private static void read(
      TarReader.Member member,
      InputStream content,
      Map<String, SortedMap<String, Facts>> archives,
      Map<String, Json> texts)
      throws IOException {
    BufferedInputStream bytes = new BufferedInputStream(content, BUFFER);
    bytes.mark(BUFFER);
    byte[] head = bytes.readNBytes(512);
    bytes.reset();
    if (Source.isArchive(head)) {
      archives.put(member.name(), layer(bytes));
    } else if (member.size() <= LARGEST_JSON
        && head.length > 0
        && (head[0] == '{' || head[0] == '[')) {
      texts.put(
          member.name(), Json.parse(new String(bytes.readAllBytes(), StandardCharsets.UTF_8)));
    }
  }

  private static SortedMap<String, Facts> layer(InputStream bytes) throws IOException {
    TarReader tar = new TarReader(bytes);
    SortedMap<String, Facts> files = new TreeMap<>();
    Optional<TarReader.Member> next = tar.next();
    while (next.isPresent()) {
      TarReader.Member member = next.get();
      files.put(
          "/" + member.name().replaceFirst("/$", ""),
          new Facts(
              member.type(),
              member.mode(),
              member.uid(),
              member.gid(),
              member.mtime(),
              member.size(),
              member.type() == '0' ? digest(tar.content()) : member.link()));
      next = tar.next();
    }
    return files;
  }

  private static String digest(InputStream content) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int n = content.read(buffer, 0, BUFFER); n >= 0; n = content.read(buffer, 0, BUFFER)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
