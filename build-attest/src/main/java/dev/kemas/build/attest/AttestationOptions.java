package dev.kemas.build.attest;

import dev.kemas.fault.Fault;
import dev.kemas.provenance.Options;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What clients want attached.
 *
 * @param provenance how it was built; empty for nothing
 * @param bills formats of bills of materials
 */
public record AttestationOptions(Optional<Options> provenance, Set<Bill> bills) {
  private static final String PREFIX = "attest:";

  /** Formats of bills of materials. */
  public enum Bill {
    SPDX("sbom.spdx.json"),
    CYCLONE_DX("sbom.cyclonedx.json");

    private final String fileName;

    Bill(String fileName) {
      this.fileName = fileName;
    }

    /** What its statement is called as a file. */
    public String fileName() {
      return fileName;
    }
  }

  public AttestationOptions {
    bills = Set.copyOf(bills);
  }

  /** Whether nothing is wanted. */
  public boolean isEmpty() {
    return provenance.isEmpty() && bills.isEmpty();
  }

  /**
   * What is wanted even where attaching it makes something else of the result; a plain build of
   * buildx asks for provenance with {@code inline-only}, which is wanted only where there is a list
   * of manifests anyway.
   */
  public AttestationOptions always() {
    return new AttestationOptions(provenance.filter(one -> !one.inlineOnly()), bills);
  }

  /**
   * Reads a build's attributes as buildx sends them: {@code attest:provenance} with {@code
   * mode=max}, {@code attest:sbom} with {@code generator=...}. The generator's image is not run, we
   * look for ourselves; {@code format=cyclonedx} is ours.
   *
   * @throws Fault.InvalidArgument for a kind or an option that there is not
   */
  public static AttestationOptions parse(Map<String, String> attributes) {
    Optional<Options> provenance = Optional.empty();
    Set<Bill> bills = EnumSet.noneOf(Bill.class);
    for (Map.Entry<String, String> one : attributes.entrySet()) {
      if (!one.getKey().startsWith(PREFIX) || isDisabled(one.getValue())) {
        continue;
      }
      switch (one.getKey().substring(PREFIX.length())) {
        case "provenance" -> provenance = Optional.of(Options.parse(one.getValue()));
        case "sbom" -> bills.addAll(bills(one.getValue()));
        default ->
            throw new Fault.InvalidArgument(
                "invalid attestation \""
                    + one.getKey().substring(PREFIX.length())
                    + "\": use provenance or sbom");
      }
    }
    return new AttestationOptions(provenance, bills);
  }

  private static boolean isDisabled(String options) {
    return java.util.List.of(options.split(",", -1)).contains("disabled=true");
  }

  private static Set<Bill> bills(String options) {
    Set<Bill> bills = EnumSet.noneOf(Bill.class);
    for (String option : options.split(",", -1)) {
      if (option.startsWith("format=")) {
        switch (option.substring("format=".length())) {
          case "spdx" -> bills.add(Bill.SPDX);
          case "cyclonedx" -> bills.add(Bill.CYCLONE_DX);
          case "all" -> bills.addAll(EnumSet.allOf(Bill.class));
          default ->
              throw new Fault.InvalidArgument(
                  "invalid bill of materials " + option + ": use spdx, cyclonedx or all");
        }
      }
    }
    return bills.isEmpty() ? EnumSet.of(Bill.SPDX) : bills;
  }
}
