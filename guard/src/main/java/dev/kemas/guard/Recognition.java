package dev.kemas.guard;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The kind of a file. What its first bytes say weighs more than its name, since a name may lie; a
 * container format (zip, HDF5, pickle) is told apart by the name and by its first member.
 */
final class Recognition {
  /** As many first bytes as any form needs: a tar's mark stands at 257. */
  static final int HEAD = 512;

  private static final Map<String, FileKind> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("parquet", FileKind.PARQUET),
          Map.entry("arrow", FileKind.ARROW),
          Map.entry("feather", FileKind.ARROW),
          Map.entry("orc", FileKind.ORC),
          Map.entry("avro", FileKind.AVRO),
          Map.entry("csv", FileKind.TABLE),
          Map.entry("tsv", FileKind.TABLE),
          Map.entry("jsonl", FileKind.JSON_LINES),
          Map.entry("ndjson", FileKind.JSON_LINES),
          Map.entry("npy", FileKind.NUMPY),
          Map.entry("npz", FileKind.NUMPY),
          Map.entry("h5", FileKind.HDF5),
          Map.entry("hdf5", FileKind.HDF5),
          Map.entry("tfrecord", FileKind.TFRECORD),
          Map.entry("tfrecords", FileKind.TFRECORD),
          Map.entry("mdb", FileKind.LMDB),
          Map.entry("lmdb", FileKind.LMDB),
          Map.entry("sqlite", FileKind.DATABASE),
          Map.entry("sqlite3", FileKind.DATABASE),
          Map.entry("duckdb", FileKind.DATABASE),
          Map.entry("mat", FileKind.MATLAB),
          Map.entry("jpg", FileKind.MEDIA),
          Map.entry("jpeg", FileKind.MEDIA),
          Map.entry("png", FileKind.MEDIA),
          Map.entry("tif", FileKind.MEDIA),
          Map.entry("tiff", FileKind.MEDIA),
          Map.entry("dcm", FileKind.MEDIA),
          Map.entry("wav", FileKind.MEDIA),
          Map.entry("flac", FileKind.MEDIA),
          Map.entry("mp3", FileKind.MEDIA),
          Map.entry("mp4", FileKind.MEDIA),
          Map.entry("avi", FileKind.MEDIA),
          Map.entry("mkv", FileKind.MEDIA),
          Map.entry("zip", FileKind.ARCHIVE),
          Map.entry("tar", FileKind.ARCHIVE),
          Map.entry("tgz", FileKind.ARCHIVE),
          Map.entry("gz", FileKind.ARCHIVE),
          Map.entry("bz2", FileKind.ARCHIVE),
          Map.entry("xz", FileKind.ARCHIVE),
          Map.entry("zst", FileKind.ARCHIVE),
          Map.entry("7z", FileKind.ARCHIVE),
          Map.entry("rar", FileKind.ARCHIVE),
          Map.entry("safetensors", FileKind.SAFETENSORS),
          Map.entry("pt", FileKind.PYTORCH),
          Map.entry("pth", FileKind.PYTORCH),
          Map.entry("onnx", FileKind.ONNX),
          Map.entry("gguf", FileKind.GGUF),
          Map.entry("ggml", FileKind.GGUF),
          Map.entry("keras", FileKind.KERAS),
          Map.entry("pb", FileKind.SAVED_MODEL),
          Map.entry("tflite", FileKind.TFLITE),
          Map.entry("ckpt", FileKind.CHECKPOINT),
          Map.entry("joblib", FileKind.PICKLE),
          Map.entry("pkl", FileKind.PICKLE),
          Map.entry("pickle", FileKind.PICKLE),
          Map.entry("engine", FileKind.ENGINE),
          Map.entry("plan", FileKind.ENGINE));

  private static final Pattern PYTORCH =
      Pattern.compile("pytorch_model.*\\.bin|.*(model|weights|consolidated|adapter).*\\.bin");
  private static final Pattern CHECKPOINT =
      Pattern.compile(".*\\.ckpt\\.(data-\\d+-of-\\d+|index|meta)|variables\\.data-\\d+-of-\\d+");
  private static final Pattern PACKED_TEXT =
      Pattern.compile(".*\\.(csv|tsv|jsonl|ndjson)\\.(gz|bz2|xz|zst)");
  private static final Pattern KERAS = Pattern.compile(".*(model|weights).*\\.(h5|hdf5)");

  private Recognition() {}

  /** Whether the first bytes can say more than the name: small files are not opened. */
  static boolean isWorthOpening(long bytes) {
    return bytes >= Sizes.MB;
  }

  /**
   * The kind; empty for all else.
   *
   * @param head the first bytes, or none where nobody read them
   */
  static Optional<FileKind> of(String path, byte[] head) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    Optional<FileKind> byContent = byContent(name, new Head(head));
    if (byContent.isPresent()) {
      return byContent;
    }
    Optional<FileKind> byName = byName(name);
    boolean program = new Head(head).starts("\u007fELF") || new Head(head).starts("#!");
    return program ? Optional.empty() : byName;
  }

  private static Optional<FileKind> byName(String name) {
    if (name.indexOf('.') < 0) {
      return Optional.empty();
    }
    if (PYTORCH.matcher(name).matches()) {
      return Optional.of(FileKind.PYTORCH);
    }
    if (CHECKPOINT.matcher(name).matches()) {
      return Optional.of(FileKind.CHECKPOINT);
    }
    if (PACKED_TEXT.matcher(name).matches()) {
      return Optional.of(
          name.contains(".json") || name.contains(".ndjson")
              ? FileKind.JSON_LINES
              : FileKind.TABLE);
    }
    if (KERAS.matcher(name).matches()) {
      return Optional.of(FileKind.KERAS);
    }
    return Optional.ofNullable(BY_EXTENSION.get(name.substring(name.lastIndexOf('.') + 1)));
  }

  private static Optional<FileKind> byContent(String name, Head head) {
    if (head.starts("PAR1")) {
      return Optional.of(FileKind.PARQUET);
    }
    if (head.starts("ARROW1") || head.starts("FEA1")) {
      return Optional.of(FileKind.ARROW);
    }
    if (head.starts("ORC") && !name.endsWith(".txt")) {
      return Optional.of(FileKind.ORC);
    }
    if (head.starts("Obj\u0001")) {
      return Optional.of(FileKind.AVRO);
    }
    if (head.starts("\u0093NUMPY")) {
      return Optional.of(FileKind.NUMPY);
    }
    if (head.starts("\u0089HDF\r\n\u001a\n")) {
      boolean model = name.endsWith(".keras") || name.matches(".*(model|weights).*");
      return Optional.of(model ? FileKind.KERAS : FileKind.HDF5);
    }
    if (head.has(16, "\u00de\u00c0\u00ef\u00be")) {
      return Optional.of(FileKind.LMDB);
    }
    if (head.starts("SQLite format 3\0") || head.has(8, "DUCK")) {
      return Optional.of(FileKind.DATABASE);
    }
    if (head.starts("MATLAB 5.0")) {
      return Optional.of(FileKind.MATLAB);
    }
    return byModelContent(name, head);
  }

  private static Optional<FileKind> byModelContent(String name, Head head) {
    if (head.starts("GGUF") || head.starts("lmgg") || head.starts("tjgg")) {
      return Optional.of(FileKind.GGUF);
    }
    // eight bytes of length, little end first, then a JSON object
    if (head.has(8, "{\"") && head.at(5) == 0 && head.at(6) == 0 && head.at(7) == 0) {
      return Optional.of(FileKind.SAFETENSORS);
    }
    if (head.has(4, "TFL3")) {
      return Optional.of(FileKind.TFLITE);
    }
    if (head.at(0) == 8
        && head.at(1) >= 3
        && head.at(1) <= 20
        && head.at(2) == 0x12
        && (head.contains("pytorch") || head.contains("onnx") || head.contains("keras"))) {
      return Optional.of(FileKind.ONNX);
    }
    if (head.starts("PK\u0003\u0004")) {
      return Optional.of(zip(name, head));
    }
    if (head.at(0) == 0x80 && head.at(1) >= 2 && head.at(1) <= 5) {
      boolean torch = name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".bin");
      boolean checkpoint = name.endsWith(".ckpt");
      return Optional.of(
          torch ? FileKind.PYTORCH : checkpoint ? FileKind.CHECKPOINT : FileKind.PICKLE);
    }
    boolean packed =
        head.starts("\u001f\u008b")
            || head.starts("\u00fd7zXZ")
            || head.starts("BZh")
            || head.starts("(\u00b5/\u00fd")
            || head.has(257, "ustar");
    if (packed) {
      return byName(name)
          .filter(kind -> kind != FileKind.MEDIA)
          .or(() -> Optional.of(FileKind.ARCHIVE));
    }
    return Optional.empty();
  }

  /** PyTorch, Keras and NumPy save zip files, each with its own first member. */
  private static FileKind zip(String name, Head head) {
    if (head.contains("data.pkl") || head.contains(".format_version")) {
      return name.endsWith(".ckpt") ? FileKind.CHECKPOINT : FileKind.PYTORCH;
    }
    if (head.contains(".npy")) {
      return FileKind.NUMPY;
    }
    if (name.endsWith(".keras")) {
      return FileKind.KERAS;
    }
    boolean torch = name.endsWith(".pt") || name.endsWith(".pth");
    return torch ? FileKind.PYTORCH : FileKind.ARCHIVE;
  }

  /** First bytes of a file, read as Latin-1. */
  private record Head(String text) {
    Head(byte[] bytes) {
      this(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    boolean starts(String mark) {
      return text.startsWith(mark);
    }

    boolean has(int offset, String mark) {
      return text.startsWith(mark, offset);
    }

    boolean contains(String mark) {
      return text.contains(mark);
    }

    int at(int index) {
      return index < text.length() ? text.charAt(index) : -1;
    }
  }
}
