package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each endpoint of the distribution specification 1.1 ("Endpoints") with each status that it may
 * have, and the code of the error ("Error Codes") where it is one. {@code
 * docs/registry-conformance.md} has the requirements that are no table.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointTest {
  private static final byte[] BLOB = "some bytes".getBytes(StandardCharsets.US_ASCII);
  @TempDir static Path folder;
  private Running registry;
  private Sample image;

  @BeforeAll
  void start() throws Exception {
    registry = Running.start(folder.resolve("registry"), config -> config);
    image = Sample.of(500, 100).push(registry.http(), "t/it", "v1");
    Sample.blob(registry.http(), "t/it", BLOB);
  }

  @AfterAll
  void stop() {
    registry.close();
  }

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          end-1   | GET    | /v2/                                              | 200 |
          end-1   | POST   | /v2/                                              | 405 | UNSUPPORTED
          end-2   | GET    | /v2/t/it/blobs/{blob}                             | 200 |
          end-2   | HEAD   | /v2/t/it/blobs/{blob}                             | 200 |
          end-2   | GET    | /v2/t/it/blobs/{none}                             | 404 | BLOB_UNKNOWN
          end-2   | GET    | /v2/t/other/blobs/{blob}                          | 404 | BLOB_UNKNOWN
          end-2   | HEAD   | /v2/t/it/blobs/{none}                             | 404 |
          end-2   | GET    | /v2/t/it/blobs/sha256:short                       | 400 | DIGEST_INVALID
          end-3   | GET    | /v2/t/it/manifests/v1                             | 200 |
          end-3   | HEAD   | /v2/t/it/manifests/{manifest}                     | 200 |
          end-3   | GET    | /v2/t/it/manifests/v2                             | 404 | MANIFEST_UNKNOWN
          end-3   | HEAD   | /v2/t/it/manifests/{none}                         | 404 |
          end-4a  | POST   | /v2/t/it/blobs/uploads/                           | 202 |
          end-4a  | POST   | /v2/T/it/blobs/uploads/                           | 400 | NAME_INVALID
          end-4b  | POST   | /v2/t/it/blobs/uploads/?digest={empty}            | 201 |
          end-4b  | POST   | /v2/t/it/blobs/uploads/?digest={none}             | 400 | DIGEST_INVALID
          end-4b  | POST   | /v2/t/it/blobs/uploads/?digest=nonsense           | 400 | DIGEST_INVALID
          end-5   | PATCH  | {upload}                                          | 202 |
          end-5   | PATCH  | {no upload}                                       | 404 | BLOB_UPLOAD_UNKNOWN
          end-6   | PUT    | {upload}?digest={empty}                           | 201 |
          end-6   | PUT    | {upload}                                          | 400 | DIGEST_INVALID
          end-6   | PUT    | {upload}?digest={none}                            | 400 | DIGEST_INVALID
          end-6   | PUT    | {no upload}?digest={empty}                        | 404 | BLOB_UPLOAD_UNKNOWN
          end-7   | PUT    | /v2/t/it/manifests/.bad                           | 400 | MANIFEST_INVALID
          end-7   | PUT    | /v2/t/it/manifests/{none}                         | 400 | DIGEST_INVALID
          end-8a  | GET    | /v2/t/it/tags/list                                | 200 |
          end-8a  | GET    | /v2/t/nothing/tags/list                           | 404 | NAME_UNKNOWN
          end-8b  | GET    | /v2/t/it/tags/list?n=1&last=a                     | 200 |
          end-8b  | GET    | /v2/t/it/tags/list?n=-1                           | 400 | PAGINATION_NUMBER_INVALID
          end-9   | DELETE | /v2/t/it/manifests/{none}                         | 404 | MANIFEST_UNKNOWN
          end-9   | DELETE | /v2/t/it/manifests/v2                             | 404 | MANIFEST_UNKNOWN
          end-10  | DELETE | /v2/t/it/blobs/{none}                             | 404 | BLOB_UNKNOWN
          end-10  | DELETE | /v2/t/it/blobs/nonsense                           | 400 | DIGEST_INVALID
          end-11  | POST   | /v2/t/to/blobs/uploads/?mount={blob}&from=t/it    | 201 |
          end-11  | POST   | /v2/t/to/blobs/uploads/?mount={none}&from=t/it    | 202 |
          end-11  | POST   | /v2/t/to/blobs/uploads/?mount={blob}              | 202 |
          end-12a | GET    | /v2/t/it/referrers/{manifest}                     | 200 |
          end-12a | GET    | /v2/t/it/referrers/{none}                         | 200 |
          end-12a | GET    | /v2/t/it/referrers/nonsense                       | 400 | DIGEST_INVALID
          end-12b | GET    | /v2/t/it/referrers/{manifest}?artifactType=a/b    | 200 |
          end-13  | GET    | {upload}                                          | 204 |
          end-13  | GET    | {no upload}                                       | 404 | BLOB_UPLOAD_UNKNOWN
          """)
  void answersAsTheSpecificationSays(
      String endpoint, String method, String path, int status, String code) throws Exception {
    Http http = registry.http();
    String at = path;
    if (at.contains("{upload}")) {
      String location = http.post("/v2/t/it/blobs/uploads/").expect(202).header("Location");
      at = at.replace("{upload}", location);
    }
    at =
        at.replace("{no upload}", "/v2/t/it/blobs/uploads/00000000-0000-0000-0000-000000000000")
            .replace("{blob}", Digest.of(BLOB).toString())
            .replace("{none}", Digest.of(new byte[] {1, 2, 3}).toString())
            .replace("{empty}", Digest.of(new byte[0]).toString())
            .replace("{manifest}", image.digest().toString());
    boolean manifest = method.equals("PUT") && at.contains("/manifests/");
    Http.Answer answer =
        http.send(
            method,
            at,
            manifest ? image.manifest() : new byte[0],
            "Content-Type",
            manifest ? MediaType.OCI_MANIFEST : "application/octet-stream");
    assertThat(answer.status()).as(endpoint).isEqualTo(status);
    if (code != null) {
      assertThat(answer.json().path("errors").path(0).path("code").asText()).isEqualTo(code);
      assertThat(answer.json().path("errors").path(0).path("message").asText()).isNotEmpty();
    }
  }
}
