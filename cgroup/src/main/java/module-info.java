/** Cgroups of both versions: layout, limits, use, members. */
module dev.kemas.cgroup {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires dev.kemas.linux;

  exports dev.kemas.cgroup;
}
