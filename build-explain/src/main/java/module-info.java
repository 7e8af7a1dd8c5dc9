/** Why a step ran: two builds of the same thing compared. */
module dev.kemas.build.explain {
  requires static org.jspecify;
  requires org.slf4j;
  requires com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.build.plan;

  exports dev.kemas.build.explain;

  opens dev.kemas.build.explain to
      com.fasterxml.jackson.databind;
}
