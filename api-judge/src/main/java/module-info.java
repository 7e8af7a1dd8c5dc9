/** Judges answers by the specification of the Engine API; for tests. */
module dev.kemas.api.judge {
  requires static org.jspecify;
  requires transitive com.fasterxml.jackson.databind;
  requires org.yaml.snakeyaml;

  exports dev.kemas.api.judge;
}
