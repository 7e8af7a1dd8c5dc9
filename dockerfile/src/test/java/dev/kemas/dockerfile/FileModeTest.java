package dev.kemas.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileModeTest {
  /** The last two columns are what chmod(1) makes, without a umask, of a file and of a folder. */
  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "755,644,755,755",
        "0,777,0,0",
        "4711,644,4711,4711",
        "\"u=rwX,go=rX\",600,644,755",
        "\"u=rwX,go=rX\",700,755,755",
        "a+X,640,640,751",
        "a+X,740,751,751",
        "+x,644,755,755",
        "-w,666,444,444",
        "=r,777,444,444",
        "go=,777,700,700",
        "g=u,640,660,660",
        "o=g-w,660,664,664",
        "u+s,755,4755,4755",
        "\"g+s,o+t\",755,2755,2755",
        "+t,755,1755,1755",
        "u-x+w,555,655,655",
        "\"u=rw,u+x\",0,700,700",
        "ug=rwx,0,770,770",
      })
  void changesPermissionsAsChmodDoes(String text, String before, String file, String folder) {
    FileMode mode = FileMode.parse(text);
    int permissions = Integer.parseInt(before, 8);
    assertThat(Integer.toOctalString(mode.apply(permissions, false))).isEqualTo(file);
    assertThat(Integer.toOctalString(mode.apply(permissions, true))).isEqualTo(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"999", "10000", "0x7", "rwx", "u", "u=rwz", "u=r,", ",u=r", "", "z+x"})
  void refusesWhatIsNoMode(String text) {
    assertThatThrownBy(() -> FileMode.parse(text))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageStartingWith("invalid chmod parameter: '" + text + "'");
  }

  @Test
  void equalNumbersAreWrittenAlike() {
    assertThat(FileMode.parse("0755")).hasToString("755");
    assertThat(FileMode.parse("755")).hasToString("755");
  }
}
