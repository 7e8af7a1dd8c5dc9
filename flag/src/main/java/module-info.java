/** Command lines in the manner of Docker's: declared options, parsed and explained. */
module dev.kemas.flag {
  requires static org.jspecify;

  exports dev.kemas.flag;
}
