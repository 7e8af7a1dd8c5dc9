/** Which packages a file system holds, and bills of materials of them. */
module dev.kemas.sbom {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires transitive com.fasterxml.jackson.databind;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires dev.kemas.linux;

  exports dev.kemas.sbom;
}
