package dev.kemas.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each endpoint: what it asks of its backend, its status, and an answer as specified. */
class EndpointsTest extends ServerTest {

  @Test
  void theSpecificationIsHereToJudgeAnswers() {
    assumeTrue(
        hasJudge(), "no specification: answers are not judged; set KEMAS_SPECS to their folder");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      nullValues = "-",
      value = {
        // method | path | body | status | call of the backend
        "GET | /_ping | - | 200 | -",
        "HEAD | /_ping | - | 200 | -",
        "GET | /v1.24/_ping | - | 200 | -",
        "GET | /version | - | 200 | version()",
        "GET | /v1.51/info | - | 200 | info()",
        "GET | /system/df | - | 200 | usage([CONTAINER, IMAGE, VOLUME, BUILD_CACHE])",
        "GET | /system/df?type=build-cache&type=volume | - | 200 | usage([VOLUME, BUILD_CACHE])",
        "GET | /containers/json | - | 200 |"
            + " list(ListQuery[all=false, limit=OptionalInt.empty, size=false, filters=Filters[byName={}]])",
        "GET | /containers/json?all=1&limit=3&size=true&filters=%7B%22name%22:%7B%22a%22:true%7D%7D | - | 200 |"
            + " list(ListQuery[all=true, limit=OptionalInt[3], size=true, filters=Filters[byName={name=[a]}]])",
        "GET | /containers/json?limit=-1 | - | 200 |"
            + " list(ListQuery[all=false, limit=OptionalInt.empty, size=false, filters=Filters[byName={}]])",
        "GET | /containers/a/json?size=1 | - | 200 | inspect(a, true)",
        "GET | /containers/a/top?ps_args=aux | - | 200 | top(a, aux)",
        "GET | /containers/a/changes | - | 200 | changes(a)",
        "POST | /containers/a/start | - | 204 | start(a)",
        "POST | /containers/a/stop?t=3&signal=INT | - | 204 | stop(a, Optional[INT], OptionalInt[3])",
        "POST | /containers/a/stop | - | 204 | stop(a, Optional.empty, OptionalInt.empty)",
        "POST | /containers/a/restart?t=-1 | - | 204 | restart(a, Optional.empty, OptionalInt[-1])",
        "POST | /containers/a/kill | - | 204 | kill(a, SIGKILL)",
        "POST | /containers/a/kill?signal=HUP | - | 204 | kill(a, HUP)",
        "POST | /containers/a/pause | - | 204 | pause(a)",
        "POST | /containers/a/unpause | - | 204 | unpause(a)",
        "POST | /containers/a/wait | - | 200 | waitFor(a, NOT_RUNNING)",
        "POST | /containers/a/wait?condition=next-exit | - | 200 | waitFor(a, NEXT_EXIT)",
        "POST | /containers/a/wait?condition=removed | - | 200 | waitFor(a, REMOVED)",
        "POST | /containers/a/rename?name=b | - | 204 | rename(a, b)",
        "DELETE | /containers/a?v=1&force=true | - | 204 | remove(a, Removal[volumes=true, force=true])",
        "POST | /containers/prune | - | 200 | prune(Filters[byName={}])",
        "POST | /containers/a/resize?h=24&w=80 | - | 200 | resize(a, 24, 80)",
        "GET | /containers/a/stats?stream=false&one-shot=1 | - | 200 | stats(a, Optional.empty)",
        "POST | /containers/a/exec | {\"Cmd\":[\"true\"]} | 201 | -",
        "POST | /exec/a/start | {\"Detach\":true} | 200 |"
            + " startDetached(a, ExecStart[detach=true, tty=false, consoleSize=[]])",
        "POST | /exec/a/resize?h=1&w=2 | - | 200 | resize(a, 1, 2)",
        "GET | /exec/a/json | - | 200 | inspect(a)",
        "GET | /images/json?all=1 | - | 200 |"
            + " list(ListQuery[filters=Filters[byName={}], all=true, sharedSize=false, manifests=false])",
        "GET | /images/json?shared-size=1&manifests=true | - | 200 |"
            + " list(ListQuery[filters=Filters[byName={}], all=false, sharedSize=true, manifests=true])",
        "GET | /images/busybox/json | - | 200 | inspect(busybox, false)",
        "GET | /images/busybox/json?manifests=1 | - | 200 | inspect(busybox, true)",
        "GET | /images/reg.example:5000/a/b:c/json | - | 200 | inspect(reg.example:5000/a/b:c, false)",
        "GET | /images/reg.example%2Fa%2Fb:c/json | - | 200 | inspect(reg.example/a/b:c, false)",
        "GET | /images/a/history | - | 200 | history(a)",
        "POST | /images/a/b/tag?repo=x/y&tag=z | - | 201 | tag(a/b, x/y:z)",
        "DELETE | /images/a/b?force=1&noprune=1 | - | 200 | remove(a/b, true, false)",
        "POST | /images/prune?filters=%7B%22dangling%22:%5B%22false%22%5D%7D | - | 200 |"
            + " prune(Filters[byName={dangling=[false]}])",
        "POST | /images/create?fromImage=busybox&tag=1 | - | 200 | -",
        "POST | /images/load | tar | 200 | load(false)",
        "POST | /images/create?fromSrc=- | tar | 200 | -",
        "POST | /images/bootstrap?ref=debian:bookworm&include=a,b | - | 200 |"
            + " bootstrap(Bootstrap[reference=debian:bookworm, mirror=Optional.empty, suite=Optional.empty, include=[a, b], platform=Optional.empty])",
        "POST | /build?t=a&t=b&q=1 | tar | 200 | -",
        "POST | /build/prune?all=1&keep-storage=5&max-used-space=7&min-free-space=9 | - | 200 |"
            + " prune(Pruning[filters=Filters[byName={}], all=true, reservedSpace=5,"
            + " maxUsedSpace=7, minFreeSpace=9])",
        "GET | /volumes | - | 200 | list(Filters[byName={}])",
        "POST | /volumes/create | {\"Name\":\"a\"} | 201 |"
            + " create(VolumeRequest[name=a, driver=, driverOpts={}, labels={}])",
        "POST | /volumes/create | - | 201 |"
            + " create(VolumeRequest[name=, driver=, driverOpts={}, labels={}])",
        "GET | /volumes/a | - | 200 | inspect(a)",
        "DELETE | /volumes/a?force=1 | - | 204 | remove(a, true)",
        "POST | /volumes/prune | - | 200 | prune(Filters[byName={}])",
        "GET | /networks | - | 200 | list(Filters[byName={}])",
        "GET | /networks/a | - | 200 | inspect(a)",
        "POST | /networks/create | {\"Name\":\"a\"} | 201 | -",
        "DELETE | /networks/a | - | 204 | remove(a)",
        "POST | /networks/a/connect | {\"Container\":\"c\"} | 200 |"
            + " connect(a, ConnectRequest[container=c, endpointConfig=Optional.empty])",
        "POST | /networks/a/disconnect | {\"Container\":\"c\",\"Force\":true} | 200 |"
            + " disconnect(a, DisconnectRequest[container=c, force=true])",
        "POST | /networks/prune | - | 200 | prune(Filters[byName={}])",
        "HEAD | /containers/a/archive?path=/etc | - | 200 | stat(a, /etc)",
        "POST | /containers/create?name=web | {\"Image\":\"busybox\",\"Unknown\":1} | 201 | -",
        "POST | /containers/a/update | {\"Memory\":1048576} | 200 | -",
      })
  void asksItsBackendAndAnswers(String method, String path, String body, int status, String call)
      throws IOException {
    RawClient.Answer answer = ask(method, path, body == null ? "" : body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    if (call != null) {
      assertThat(engine.calls).last().isEqualTo(call);
    }
  }

  @ParameterizedTest(name = "{0} {1} -> {3} {4}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      nullValues = "-",
      value = {
        "GET | /nowhere | - | 404 | page not found",
        "GET | /v1.51/containers/a/nothing | - | 404 | page not found",
        "GET | /v1.99/info | - | 400 |"
            + " client version 1.99 is too new. Maximum supported API version is 1.51",
        "GET | /v1.23/info | - | 400 |"
            + " client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version",
        "GET | /v1.9999999/info | - | 400 | invalid API version: 1.9999999",
        "GET | /containers/json?limit=x | - | 400 |"
            + " invalid value for \"limit\": \"x\" is not a whole number",
        "GET | /containers/json?filters=%5B | - | 400 | -",
        "GET | /containers/json?filters=%7B%22no%22:%5B%22a%22%5D%7D | - | 400 | invalid filter 'no'",
        "GET | /containers/json?filters=%7B%22name%22:1%7D | - | 400 |"
            + " invalid filters: \"name\" is not a list of texts",
        "GET | /containers/json?all=%zz | - | 400 | invalid URL escape in the query: \"%zz\"",
        "POST | /containers/create | - | 400 |"
            + " invalid JSON: got EOF while reading request body",
        "POST | /containers/create | {\"Image\": | 400 | -",
        "POST | /containers/create | [] | 400 | -",
        "POST | /containers/a/wait?condition=x | - | 400 | invalid condition: \"x\"",
        "GET | /containers/a/logs | - | 400 |"
            + " Bad parameters: you must choose at least one stream",
        "GET | /containers/a/logs?stdout=1&since=yesterday | - | 400 |"
            + " invalid value for \"since\": \"yesterday\" is not a point in time",
        "POST | /containers/a/resize?h=x&w=1 | - | 400 |"
            + " invalid value for \"h\": \"x\" is not a whole number",
        "POST | /containers/a/resize?w=1 | - | 400 | invalid value for \"h\": \"\" is not a size",
        "POST | /containers/a/exec | {} | 400 | no exec command specified",
        "POST | /containers/a/attach?detachKeys=ctrl-ö | - | 400 | -",
        "POST | /images/create | - | 400 | missing parameter \"fromImage\"",
        "GET | /images/get | - | 400 | missing parameter \"names\"",
        "POST | /build?buildargs=x | - | 400 | -",
        "POST | /build?labels=%7B%22a%22:1%7D | - | 400 |"
            + " invalid value for \"labels\": \"a\" is not a text",
        "GET | /events?since=5&until=4 | - | 400 | -",
        "GET | /system/df?type=disk | - | 400 | unknown object type: disk",
        "GET | /swarm | - | 501 | GET /swarm is not built yet in this version of Kemas",
        "POST | /session | - | 400 | the connection must be upgraded to h2c",
        "GET | /images/search | - | 400 | missing parameter \"term\"",
        "GET | /images/search?term=x&limit=101 | - | 400 |"
            + " limit 101 is outside the range of [1, 100]",
        "POST | /auth | - | 400 | invalid JSON: got EOF while reading request body",
      })
  void refusesWithAMessage(String method, String path, String body, int status, String message)
      throws IOException {
    RawClient.Answer answer = ask(method, path, body == null ? "" : body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.head().header("Content-Type")).isEqualTo("application/json");
    if (message != null) {
      assertThat(answer.body())
          .isEqualTo("{\"message\":\"" + message.replace("\"", "\\\"") + "\"}");
    }
    assertThat(engine.calls).isEmpty();
  }

  @Test
  void everyAnswerSaysWhatServerItIs() throws IOException {
    for (String path : new String[] {"/_ping", "/nowhere", "/containers/json"}) {
      RawClient.Head head = ask("GET", path, "").head();
      assertThat(head.header("Api-Version")).isEqualTo("1.51");
      assertThat(head.header("Docker-Experimental")).isEqualTo("false");
      assertThat(head.header("Ostype")).isEqualTo("linux");
      assertThat(head.header("Server")).isEqualTo("Kemas/test");
    }
    assertThat(ask("HEAD", "/_ping", "").head().header("Builder-Version")).isEqualTo("2");
  }
}
