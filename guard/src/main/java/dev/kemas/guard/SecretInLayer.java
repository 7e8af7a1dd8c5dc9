package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction;
import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value that a step got as a secret, left in a file or the configuration of the image. */
final class SecretInLayer implements Guards.After {
  private static final int SHOWN = 5;

  @Override
  public void look(AfterBuild build, Findings findings) {
    if (!findings.wants(KemasRules.SECRET_IN_LAYER) || build.secrets().isEmpty()) {
      return;
    }
    List<SecretForm> forms = new ArrayList<>();
    for (SecretValue secret : build.secrets()) {
      List<SecretForm> all = SecretForm.of(secret);
      if (all.isEmpty()) {
        findings.note(
            ("secret %s is shorter than %d bytes: it is not searched in the image, since"
                    + " so short a value is found by chance")
                .formatted(secret.id(), SecretForm.SHORTEST));
      }
      forms.addAll(all);
    }
    if (forms.isEmpty()) {
      return;
    }
    SecretSearch search = new SecretSearch(forms);
    for (LayerFacts layer : build.layers()) {
      layer(layer, search, findings);
    }
    config(build, search, findings);
  }

  private static void layer(LayerFacts layer, SecretSearch search, Findings findings) {
    Map<String, List<String>> places = new LinkedHashMap<>();
    try {
      layer
          .files()
          .walk((path, bytes, content) -> {
            if (bytes >= SecretForm.SHORTEST) {
              try (InputStream in = content.open()) {
                for (SecretForm form : search.in(in)) {
                  remember(places, form, path);
                }
              }
            }
          });
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot search the layer of line %d for secrets: %s"
              .formatted(layer.instruction().range().startLine(), e),
          e);
    }
    places.forEach((secret, files) ->
        findings.add(
            KemasRules.SECRET_IN_LAYER,
            layer.instruction(),
            "the value of secret %s is left in the image by this step: %s"
                .formatted(secret, shown(files)),
            "a later step cannot take it out of the layer. Let the step read it where it is mounted"
                + " and write it nowhere; count the value as known and replace it if the image was"
                + " pushed"));
  }

  private static void remember(Map<String, List<String>> places, SecretForm form, String path) {
    List<String> files = places.computeIfAbsent(form.secret(), s -> new ArrayList<>());
    String place = form.form().equals("as it is") ? path : path + " (" + form.form() + ")";
    files.add(place);
  }

  private static String shown(List<String> files) {
    List<String> sorted = files.stream().sorted().toList();
    int more = sorted.size() - SHOWN;
    return more <= 0
        ? String.join(", ", sorted)
        : String.join(", ", sorted.subList(0, SHOWN)) + " and " + more + " more";
  }

  private static void config(AfterBuild build, SecretSearch search, Findings findings) {
    Map<String, List<String>> places = new LinkedHashMap<>();
    for (ConfigText text : build.config()) {
      byte[] bytes = text.text().getBytes(StandardCharsets.UTF_8);
      try (InputStream in = new ByteArrayInputStream(bytes)) {
        for (SecretForm form : search.in(in)) {
          remember(places, form, text.place());
        }
      } catch (IOException e) {
        throw new AssertionError("memory cannot fail to be read", e);
      }
    }
    Instruction from = build.dockerfile().stages().getLast().from();
    places.forEach((secret, texts) ->
        findings.add(
            KemasRules.SECRET_IN_LAYER,
            from,
            "the value of secret %s is in the image's configuration: %s"
                .formatted(secret, shown(texts)),
            "whoever can pull the image can read its configuration: give the value to the"
                + " container when it runs, and replace it if the image was pushed"));
  }
}
