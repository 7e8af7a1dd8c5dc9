/** Text for people: columns, sizes, ages, shortened ids. */
module dev.kemas.text {
  requires static org.jspecify;
  requires dev.kemas.flag;
  requires transitive dev.kemas.api.client;

  exports dev.kemas.text;
}
