/** The closed family of errors that every module throws. */
module dev.kemas.fault {
  requires static org.jspecify;

  exports dev.kemas.fault;
}
