package dev.kemas.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.api.client.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each expectation was seen with the docker command on the same object. */
final class TemplateTest {
  private static final Json DATA =
      Json.parse(
          """
          {"Id":"0123","Name":"/web","Running":true,"Count":3,"Pid":12739,"Empty":"",
           "Args":["a","b","c"],"None":null,"Volumes":null,
           "State":{"Status":"running","Running":true},
           "Ports":{"443/tcp":null,"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]},
           "Env":["A=1","B=<2>"]}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{{.Name}}~/web",
        "{{.State.Status}}~running",
        "{{.ID}}~0123",
        "a {{ .Count }} b~a 3 b",
        "{{json .State}}~{\"Status\":\"running\",\"Running\":true}",
        "{{.State}}~map[Running:true Status:running]",
        "{{.Args}}~[a b c]",
        "{{.Volumes}}~map[]",
        "{{.None}}~[]",
        "{{range .Args}}<{{.}}>{{end}}~<a><b><c>",
        "{{range $i, $a := .Args}}{{$i}}{{$a}}{{end}}~0a1b2c",
        "{{range $p, $b := .Ports}}{{if $b}}{{$p}}={{(index $b 0).HostPort}}{{end}}{{end}}"
            + "~80/tcp=8080",
        "{{range .None}}x{{else}}nothing{{end}}~nothing",
        "{{if .Empty}}x{{else if .Running}}y{{else}}z{{end}}~y",
        "{{if and .Running (eq .Count 3)}}yes{{end}}~yes",
        "{{if or .Empty (gt .Count 5)}}yes{{else}}no{{end}}~no",
        "{{with .State}}{{.Status}}-{{$.Name}}{{end}}~running-/web",
        "{{len .Args}} {{len .Name}}~3 4",
        "{{index .Args 1}}~b",
        "{{index .State \"Status\"}}~running",
        "{{join .Args \",\"}}~a,b,c",
        "{{.Name | upper}} {{lower \"AB\"}} {{title \"ab cd\"}}~/WEB ab Ab Cd",
        "{{(split .Name \"/\")}}~[ web]",
        "{{slice .Name 1}} {{slice .Name 1 3}}~web we",
        "{{printf \"%-6s|%04d|%q\" .Name .Count .Id}}~/web  |0003|\"0123\"",
        "{{println .Name 1}}~/web 1",
        "{{$x := .Count}}{{$x}}~3",
        "{{- .Name -}}  x~/webx",
        "{{/* note */}}x~x",
        "{{`raw`}}{{\"q\\\"\"}}~rawq\"",
        "{{not .Empty}} {{ne .Count 4}} {{le 2 3}}~true true true",
        "{{index .Ports \"9/udp\"}}~<no value>",
        "{{.Health}}~<nil>"
      })
  void saysWhatGoSays(String template, String text) {
    assertThat(Template.parse(template).apply(DATA).stripTrailing()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{.Name|unclosed action",
        "{{if .Name}}x|unexpected EOF",
        "{{end}}|unexpected {{end}}",
        "{{nosuch .Name}}|function \"nosuch\" not defined",
        "{{.Foo}}|:1:2: executing \"\" at <.Foo>: map has no entry for key \"Foo\"",
        "{{index .Args 9}}|index out of range: 9",
        "{{$nope}}|undefined variable \"$nope\"",
        "{{\"open}}|unterminated quoted string"
      })
  void refusesInGosWords(String template, String message) {
    String text = template.equals("{{.Name") ? "{{.Name" : template;
    assertThatThrownBy(() -> Template.parse(text).apply(DATA))
        .isInstanceOf(TemplateError.class)
        .hasMessageContaining(message);
  }

  @Test
  void textWithoutActionsIsItself() {
    assertThat(Template.parse("plain }} text").apply(DATA)).isEqualTo("plain }} text");
  }
}
