package dev.kemas.guard;

import dev.kemas.dockerfile.Heredoc;
import dev.kemas.dockerfile.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that have the shape of a well-known kind of secret, in any instruction's text. */
final class SecretInDockerfile implements Guards.Before {
  private record Shape(String name, Pattern pattern) {}

  private static final List<Shape> SHAPES =
      List.of(
          shape("a private key", "-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----"),
          shape("an AWS access key", "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
          shape("a Google API key", "\\bAIza[0-9A-Za-z_-]{35}\\b"),
          shape("a Google service account's key", "\"private_key_id\"\\s*:\\s*\"[0-9a-f]{40}\""),
          shape("an Azure storage key", "AccountKey=[A-Za-z0-9+/]{86}=="),
          shape("a GitHub token", "\\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"),
          shape("a GitLab token", "\\bglpat-[A-Za-z0-9_-]{20,}"),
          shape("a Hugging Face token", "\\bhf_[A-Za-z0-9]{30,}\\b"),
          shape("an OpenAI or Anthropic key", "\\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}"),
          shape("a Slack token", "\\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
          shape("an npm token", "\\bnpm_[A-Za-z0-9]{36}\\b"),
          shape("a PyPI token", "\\bpypi-[A-Za-z0-9_-]{50,}"),
          shape("a Docker Hub token", "\\bdckr_[a-z]{3}_[A-Za-z0-9_-]{24,}"),
          shape("a Stripe key", "\\b[rs]k_live_[A-Za-z0-9]{20,}"),
          shape(
              "a signed web token",
              "\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}"),
          shape(
              "a password in an address",
              "\\b[a-z][a-z0-9+.-]*://[^\\s/:@'\"$]+:[^\\s/@'\"$]{3,}@"));

  private static Shape shape(String name, String pattern) {
    return new Shape(name, Pattern.compile(pattern));
  }

  @Override
  public void look(BuildView build, Findings findings) {
    List<Instruction> all = new ArrayList<>(build.dockerfile().globalArguments());
    for (StageView stage : build.stages()) {
      all.addAll(stage.stage().instructions());
    }
    for (Instruction instruction : all) {
      StringBuilder text = new StringBuilder(instruction.text());
      for (Heredoc heredoc : instruction.node().heredocs()) {
        text.append('\n').append(heredoc.content());
      }
      find(text)
          .ifPresent(shape ->
              findings.add(
                  KemasRules.SECRET_IN_DOCKERFILE,
                  instruction,
                  "%s holds what looks like %s: it stays readable in the image's history"
                      .formatted(instruction.node().keyword(), shape.name()),
                  ("give it to the step that needs it: kemas build --secret id=NAME,env=NAME"
                          + " . and RUN")
                      + " --mount=type=secret,id=NAME,env=NAME ...; replace the value, it is"
                      + " written down here"));
    }
  }

  private static Optional<Shape> find(CharSequence text) {
    for (Shape shape : SHAPES) {
      Matcher matcher = shape.pattern().matcher(text);
      if (matcher.find()) {
        return Optional.of(shape);
      }
    }
    return Optional.empty();
  }
}
