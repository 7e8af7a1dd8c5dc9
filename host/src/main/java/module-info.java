/** Whether a machine has what the engine needs. */
module dev.kemas.host {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires dev.kemas.linux;
  requires dev.kemas.cgroup;

  exports dev.kemas.host;
}
