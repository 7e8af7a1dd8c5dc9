package dev.kemas.guard;

import dev.kemas.dockerfile.Rule;

/** A kind of file that is rather kept beside an image than in it. */
enum FileKind {
  PARQUET("Parquet", Group.DATA, 10),
  ARROW("Arrow", Group.DATA, 10),
  ORC("ORC", Group.DATA, 10),
  AVRO("Avro", Group.DATA, 10),
  TABLE("CSV/TSV", Group.DATA, 20),
  JSON_LINES("JSON lines", Group.DATA, 20),
  NUMPY("NumPy array", Group.DATA, 10),
  HDF5("HDF5", Group.DATA, 10),
  TFRECORD("TFRecord", Group.DATA, 10),
  LMDB("LMDB", Group.DATA, 10),
  DATABASE("SQLite or DuckDB database", Group.DATA, 50),
  MATLAB("MATLAB data", Group.DATA, 10),
  MEDIA("images, sound or video", Group.DATA, 100),
  ARCHIVE("archive", Group.DATA, 50),
  SAFETENSORS("safetensors", Group.MODEL, 10),
  PYTORCH("PyTorch weights", Group.MODEL, 10),
  ONNX("ONNX", Group.MODEL, 10),
  GGUF("GGUF", Group.MODEL, 10),
  KERAS("Keras model", Group.MODEL, 10),
  SAVED_MODEL("TensorFlow model", Group.MODEL, 10),
  TFLITE("TensorFlow Lite", Group.MODEL, 10),
  CHECKPOINT("checkpoint", Group.MODEL, 10),
  PICKLE("pickle", Group.MODEL, 10),
  ENGINE("TensorRT engine", Group.MODEL, 10);

  /** Which rule speaks of it. */
  enum Group {
    DATA("data sets"),
    MODEL("model weights");

    private final String shown;

    Group(String shown) {
      this.shown = shown;
    }

    Rule rule() {
      return switch (this) {
        case DATA -> KemasRules.DATASET_IN_IMAGE;
        case MODEL -> KemasRules.MODEL_WEIGHTS_IN_IMAGE;
      };
    }

    String shown() {
      return shown;
    }
  }

  private final String shown;
  private final Group group;
  private final long bytes;

  FileKind(String shown, Group group, long megabytes) {
    this.shown = shown;
    this.group = group;
    this.bytes = megabytes * Sizes.MB;
  }

  String shown() {
    return shown;
  }

  Group group() {
    return group;
  }

  /** How much of this kind together is worth a word. */
  long threshold() {
    return bytes;
  }
}
