package dev.kemas.dockerfile;

import java.util.List;

/**
 * A build check. Names, descriptions, addresses and messages are those of Docker's build checks, so
 * that a {@code # check=skip=} written for one engine works in the other.
 *
 * @param name how {@code # check=skip=} calls it
 * @param description one sentence on what is asked for
 * @param url where it is documented; empty when nowhere
 * @param experimental whether it is off unless {@code # check=experimental=} names it
 */
public record Rule(String name, String description, String url, boolean experimental) {

  public static final Rule STAGE_NAME_CASING =
      docker("StageNameCasing", "stage-name-casing", "Stage names should be lowercase");
  public static final Rule FROM_AS_CASING =
      docker(
          "FromAsCasing",
          "from-as-casing",
          "The 'as' keyword should match the case of the 'from' keyword");
  public static final Rule NO_EMPTY_CONTINUATION =
      docker(
          "NoEmptyContinuation",
          "no-empty-continuation",
          "Empty continuation lines will become errors in a future release");
  public static final Rule CONSISTENT_INSTRUCTION_CASING =
      docker(
          "ConsistentInstructionCasing",
          "consistent-instruction-casing",
          "All commands within the Dockerfile should use the same casing (either upper or lower)");
  public static final Rule DUPLICATE_STAGE_NAME =
      docker("DuplicateStageName", "duplicate-stage-name", "Stage names should be unique");
  public static final Rule RESERVED_STAGE_NAME =
      docker(
          "ReservedStageName",
          "reserved-stage-name",
          "Reserved words should not be used as stage names");
  public static final Rule JSON_ARGS_RECOMMENDED =
      docker(
          "JSONArgsRecommended",
          "json-args-recommended",
          "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to"
              + " OS signals");
  public static final Rule MAINTAINER_DEPRECATED =
      docker(
          "MaintainerDeprecated",
          "maintainer-deprecated",
          "The MAINTAINER instruction is deprecated, use a label instead to define an image"
              + " author");
  public static final Rule UNDEFINED_ARG_IN_FROM =
      docker("UndefinedArgInFrom", "undefined-arg-in-from", "FROM command must use declared ARGs");
  public static final Rule WORKDIR_RELATIVE_PATH =
      docker(
          "WorkdirRelativePath",
          "workdir-relative-path",
          "Relative workdir without an absolute workdir declared within the build can have"
              + " unexpected results if the base image changes");
  public static final Rule UNDEFINED_VAR =
      docker("UndefinedVar", "undefined-var", "Variables should be defined before their use");
  public static final Rule MULTIPLE_INSTRUCTIONS_DISALLOWED =
      docker(
          "MultipleInstructionsDisallowed",
          "multiple-instructions-disallowed",
          "Multiple instructions of the same type should not be used in the same stage");
  public static final Rule LEGACY_KEY_VALUE_FORMAT =
      docker(
          "LegacyKeyValueFormat",
          "legacy-key-value-format",
          "Legacy key/value format with whitespace separator should not be used");
  public static final Rule INVALID_BASE_IMAGE_PLATFORM =
      new Rule(
          "InvalidBaseImagePlatform",
          "Base image platform does not match expected target platform",
          "",
          false);
  public static final Rule REDUNDANT_TARGET_PLATFORM =
      docker(
          "RedundantTargetPlatform",
          "redundant-target-platform",
          "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the"
              + " default behavior");
  public static final Rule SECRETS_USED_IN_ARG_OR_ENV =
      docker(
          "SecretsUsedInArgOrEnv",
          "secrets-used-in-arg-or-env",
          "Sensitive data should not be used in the ARG or ENV commands");
  public static final Rule INVALID_DEFAULT_ARG_IN_FROM =
      docker(
          "InvalidDefaultArgInFrom",
          "invalid-default-arg-in-from",
          "Default value for global ARG results in an empty or invalid base image name");
  public static final Rule FROM_PLATFORM_FLAG_CONST_DISALLOWED =
      docker(
          "FromPlatformFlagConstDisallowed",
          "from-platform-flag-const-disallowed",
          "FROM --platform flag should not use a constant value");
  public static final Rule COPY_IGNORED_FILE =
      experimental(
          "CopyIgnoredFile",
          "copy-ignored-file",
          "Attempting to Copy file that is excluded by .dockerignore");
  public static final Rule INVALID_DEFINITION_DESCRIPTION =
      experimental(
          "InvalidDefinitionDescription",
          "invalid-definition-description",
          "Comment for build stage or argument should follow the format: `# <arg/stage name>"
              + " <description>`. If this is not intended to be a description comment, add an empty"
              + " line or comment between the instruction and the comment.");
  public static final Rule EXPOSE_PROTO_CASING =
      docker(
          "ExposeProtoCasing",
          "expose-proto-casing",
          "Protocol in EXPOSE instruction should be lowercase");
  public static final Rule EXPOSE_INVALID_FORMAT =
      docker(
          "ExposeInvalidFormat",
          "expose-invalid-format",
          "IP address and host-port mapping should not be used in EXPOSE instruction. This will"
              + " become an error in a future release");

  /** The rules of Docker's build checks, in the order in which Docker lists them. */
  public static final List<Rule> DOCKER =
      List.of(
          STAGE_NAME_CASING,
          FROM_AS_CASING,
          NO_EMPTY_CONTINUATION,
          CONSISTENT_INSTRUCTION_CASING,
          DUPLICATE_STAGE_NAME,
          RESERVED_STAGE_NAME,
          JSON_ARGS_RECOMMENDED,
          MAINTAINER_DEPRECATED,
          UNDEFINED_ARG_IN_FROM,
          WORKDIR_RELATIVE_PATH,
          UNDEFINED_VAR,
          MULTIPLE_INSTRUCTIONS_DISALLOWED,
          LEGACY_KEY_VALUE_FORMAT,
          INVALID_BASE_IMAGE_PLATFORM,
          REDUNDANT_TARGET_PLATFORM,
          SECRETS_USED_IN_ARG_OR_ENV,
          INVALID_DEFAULT_ARG_IN_FROM,
          FROM_PLATFORM_FLAG_CONST_DISALLOWED,
          COPY_IGNORED_FILE,
          INVALID_DEFINITION_DESCRIPTION,
          EXPOSE_PROTO_CASING,
          EXPOSE_INVALID_FORMAT);

  private static Rule docker(String name, String page, String description) {
    return new Rule(name, description, address(page), false);
  }

  private static Rule experimental(String name, String page, String description) {
    return new Rule(name, description, address(page), true);
  }

  private static String address(String page) {
    return "https://docs.docker.com/go/dockerfile/rule/" + page + "/";
  }
}
