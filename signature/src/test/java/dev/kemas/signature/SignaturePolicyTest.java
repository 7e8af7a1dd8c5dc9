package dev.kemas.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy file: which rule holds, and what is wrong with one, told with its line. */
class SignaturePolicyTest {
  @TempDir Path folder;

  @BeforeEach
  void keys() throws Exception {
    Files.writeString(folder.resolve("cosign.pub"), Keys.pem(Keys.ec("secp256r1").getPublic()));
    Files.writeString(
        folder.resolve("root.json"),
        "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\"}");
  }

  private SignaturePolicy read(String json) throws IOException {
    return SignaturePolicy.read(Files.writeString(folder.resolve("policy.json"), json));
  }

  private static final String RULES =
      """
      {"rules": [
        {"images": "*", "action": "warn", "signers": [{"key": "cosign.pub"}]},
        {"images": "*.example.com", "action": "require", "signers": [{"key": "cosign.pub"}]},
        {"images": "reg.example.com/team", "action": "ignore"},
        {"images": "reg.example.com/team/app", "action": "require", "same-name": true,
         "signers": [{"key": "cosign.pub"},
           {"trust-root": "root.json", "identity": "me@example.com",
            "issuer-pattern": "https://.*\\\\.example\\\\.com"},
           {"trust-root": "public-good", "identity-pattern": ".*", "issuer": "https://a.test"}]},
        {"images": "docker.io/library", "action": "require", "signers": [{"key": "cosign.pub"}]}
      ]}
      """;

  @ParameterizedTest
  @CsvSource({
    "localhost/x, *, WARN",
    "other.example.com/team/app, *.example.com, REQUIRE",
    "example.com/team/app, *, WARN",
    "reg.example.com/other, *.example.com, REQUIRE",
    "reg.example.com/team, reg.example.com/team, IGNORE",
    "reg.example.com/teamwork, *.example.com, REQUIRE",
    "reg.example.com/team/app:1, reg.example.com/team/app, REQUIRE",
    "reg.example.com/team/app/part, reg.example.com/team/app, REQUIRE",
    "REG.Example.com/team/app, reg.example.com/team/app, REQUIRE",
    "reg.example.com:443/team/app, reg.example.com/team/app, REQUIRE",
    "reg.example.com:5000/team/app, *, WARN",
    "python, docker.io/library, REQUIRE",
    "registry-1.docker.io/library/python, docker.io/library, REQUIRE",
    "me/app, *, WARN"
  })
  void theClosestRuleHolds(String name, String scope, SignatureRule.Action action)
      throws IOException {
    SignatureRule rule = read(RULES).ruleFor(Reference.parse(name));
    assertThat(rule.scope()).hasToString(scope);
    assertThat(rule.action()).isEqualTo(action);
  }

  @Test
  void aRuleKnowsWhereItStandsAndWhomItWants() throws IOException {
    SignatureRule rule = read(RULES).ruleFor(Reference.parse("reg.example.com/team/app"));
    assertThat(rule.source()).contains(folder.resolve("policy.json") + ", line 5");
    assertThat(rule.sameName()).isTrue();
    assertThat(rule.wanted())
        .isEqualTo(
            "key "
                + folder.resolve("cosign.pub")
                + " or identity me@example.com of issuer /https://.*\\.example\\.com/"
                + " or identity /.*/ of issuer https://a.test, made for this name");
    assertThat(((Signer.Identity) rule.signers().get(2)).trustRoot()).isEqualTo(Optional.empty());
  }

  @Test
  void whereNoRuleSpeaksSignaturesAreNotLookedAt() throws IOException {
    assertThat(read("{\"rules\": []}").ruleFor(Reference.parse("x")).action())
        .isEqualTo(SignatureRule.Action.IGNORE);
    assertThat(SignaturePolicy.NONE.ruleFor(Reference.parse("x")).action())
        .isEqualTo(SignatureRule.Action.IGNORE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 is empty: want an object ~",
        "1 Unrecognized token ~ nonsense",
        "1 must be an object ~ []",
        "1 it has no \"rules\" ~ {}",
        "1 unknown field \"default\" ~ {\"default\": \"require\"}",
        "1 there is something after the end ~ {\"rules\": []} {}",
        "2 Duplicate field ~ {\"rules\": [],^ \"rules\": []}",
        "2 a rule without \"images\" ~ {\"rules\": [^ {\"action\": \"ignore\"}]}",
        "2 unknown action \"requires\" ~ {\"rules\": [{\"images\": \"*\",^ \"action\":"
            + " \"requires\"}]}",
        "2 has no \"signers\" ~ {\"rules\": [^{\"images\": \"*\", \"action\": \"require\"}]}",
        "2 names no registry: images of Docker Hub are docker.io/library/python ~ {\"rules\":"
            + " [{^\"images\": \"python\", \"action\": \"ignore\"}]}",
        "1 is no path of repositories ~ {\"rules\": [{\"images\": \"a.b/c:1\", \"action\":"
            + " \"ignore\"}]}",
        "3 there is another rule for a.b ~ {\"rules\": [^{\"images\": \"a.b\", \"action\":"
            + " \"ignore\"},^{\"images\": \"A.b:443/\", \"action\": \"ignore\"}]}",
        "1 must be true or false ~ {\"rules\": [{\"images\": \"*\", \"action\": \"ignore\","
            + " \"same-name\": 1}]}"
      })
  void whatIsWrongIsToldWithItsLine(String row) {
    String[] parts = row.split(" ~ ?", 2);
    String line = parts[0].substring(0, 1);
    assertThatThrownBy(() -> read(parts[1].replace('^', '\n')))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("signature policy " + folder.resolve("policy.json"))
        .hasMessageContaining(parts[0].substring(2))
        .satisfies(e -> {
          if (e.getMessage().contains(", line ")) {
            assertThat(e.getMessage()).contains(", line " + line + ": ");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "there is no such file ~ {\"key\": \"none.pub\"}",
        "it holds no PUBLIC KEY in PEM ~ {\"key\": \"policy.json\"}",
        "name the public half, cosign.pub ~ {\"key\": \"cosign.key\"}",
        "fewer than 2048 bits ~ {\"key\": \"weak.pub\"}",
        "not both ~ {\"key\": \"cosign.pub\", \"issuer\": \"x\"}",
        "a signer wants a \"key\" ~ {\"identity\": \"x\"}",
        "wants one of \"identity\" and \"identity-pattern\" ~ {\"trust-root\": \"root.json\","
            + " \"issuer\": \"x\"}",
        "wants one of \"issuer\" and \"issuer-pattern\" ~ {\"trust-root\": \"root.json\","
            + " \"identity\": \"x\"}",
        "Unclosed group ~ {\"trust-root\": \"root.json\", \"identity-pattern\": \"(\", \"issuer\":"
            + " \"x\"}",
        "there is no such file ~ {\"trust-root\": \"none.json\"}",
        "is no trusted_root.json of sigstore ~ {\"trust-root\": \"policy.json\"}",
        "cannot use the trust root ~ {\"trust-root\": \"cosign.pub\"}"
      })
  void aSignerThatCannotBeIsToldWithItsLine(String row) throws Exception {
    Files.writeString(
        folder.resolve("cosign.key"),
        "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\neyJ\n"
            + "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n");
    Files.writeString(folder.resolve("weak.pub"), Keys.pem(Keys.rsa(1024).getPublic()));
    String[] parts = row.split(" ~ ", 2);
    assertThatThrownBy(() ->
            read(
                "{\"rules\": [{\"images\": \"*\", \"action\": \"warn\", \"signers\": [\n"
                    + parts[1]
                    + "]}]}"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("signature policy " + folder.resolve("policy.json") + ", line 2: ")
        .hasMessageContaining(parts[0]);
  }
}
