/** Side-by-side measures: one run, one machine, the same client, medians and ratios. */
module dev.kemas.bench {
  requires static org.jspecify;
}
