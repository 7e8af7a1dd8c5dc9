package dev.kemas.api.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiJudgeTest {
  private static final String SPECIFICATION =
      """
      paths:
        /things/{name}/json:
          get:
            responses:
              200: {schema: {$ref: "#/definitions/Thing"}}
        /things/json:
          get:
            responses:
              200: {schema: {type: array, items: {$ref: "#/definitions/Thing"}}}
        /things/{id}:
          delete:
            responses:
              204: {description: gone}
      definitions:
        ErrorResponse:
          type: object
          required: [message]
          properties:
            message: {type: string, x-nullable: false}
        Base:
          type: object
          required: [Id]
          properties:
            Id: {type: string}
        Thing:
          allOf:
            - $ref: "#/definitions/Base"
            - type: object
              properties:
                State: {type: string, enum: [up, down]}
                Size: {type: integer, format: uint16}
                Made: {type: string, format: date-time}
                Note: {type: string, x-nullable: true}
                Labels: {type: object, additionalProperties: {type: string}}
                Free: {type: object}
      """;

  @TempDir Path folder;
  private ApiJudge judge;

  @BeforeEach
  void read() throws IOException {
    judge = ApiJudge.of(Files.writeString(folder.resolve("spec.yaml"), SPECIFICATION));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '\0',
      value = {
        "{\"Id\":\"a\"} | -",
        "{\"Id\":\"a\",\"State\":\"up\",\"Size\":65535,\"Note\":null} | -",
        "{\"Id\":\"a\",\"Made\":\"2026-01-02T03:04:05.6Z\",\"Labels\":{\"a\":\"b\"}} | -",
        "{\"Id\":\"a\",\"Free\":{\"any\":[1]}} | -",
        "{} | .Id is missing",
        "{\"Id\":null} | .Id is null",
        "{\"Id\":1} | .Id is no string: 1",
        "{\"Id\":\"a\",\"State\":\"sideways\"} | .State is none of [up, down]: \"sideways\"",
        "{\"Id\":\"a\",\"Size\":65536} | .Size is no uint16: 65536",
        "{\"Id\":\"a\",\"Size\":-1} | .Size is no uint16: -1",
        "{\"Id\":\"a\",\"Made\":\"today\"} | .Made is no date-time: \"today\"",
        "{\"Id\":\"a\",\"Labels\":{\"a\":1}} | .Labels.a is no string: 1",
        "{\"Id\":\"a\",\"More\":1} | .More is not in the specification",
        "[] | ' is no object: []'",
      })
  void judgesAnObject(String body, String wrong) {
    var verdict = judge.judge("GET", "/v1.51/things/a/b/json", 200, body);
    if (wrong == null) {
      assertThat(verdict).isEmpty();
    } else {
      assertThat(verdict).singleElement().asString().isEqualTo(wrong.replace("'", ""));
    }
  }

  @Test
  void aPathWithoutVariablesWinsOverOneWith() {
    assertThat(judge.judge("GET", "/things/json", 200, "[{\"Id\":\"a\"}]")).isEmpty();
    assertThat(judge.judge("GET", "/things/json", 200, "[{}]"))
        .containsExactly("[0].Id is missing");
  }

  @Test
  void refusalsHaveAMessageWhateverTheirStatus() {
    assertThat(judge.judge("GET", "/things/json", 418, "{\"message\":\"no\"}")).isEmpty();
    assertThat(judge.judge("GET", "/things/json", 418, "{}"))
        .containsExactly(".message is missing");
    assertThat(judge.judge("GET", "/nowhere", 404, "{\"message\":\"no\"}")).isEmpty();
  }

  @Test
  void aStatusOutsideTheSpecificationIsWrong() {
    assertThat(judge.judge("DELETE", "/things/a", 204, "")).isEmpty();
    assertThat(judge.judge("DELETE", "/things/a", 200, "")).isNotEmpty();
    assertThat(judge.judge("GET", "/nowhere", 200, "{}")).isNotEmpty();
  }

  @Test
  void whatIsNoJsonIsWrong() {
    assertThat(judge.judge("GET", "/things/json", 200, "<html>")).isNotEmpty();
    assertThat(judge.judge("GET", "/things/json", 200, "")).containsExactly("there is no body");
  }
}
