package dev.kemas.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AccountsTest {
  private final Accounts accounts =
      new Accounts(
          "root:x:0:0:root:/root:/bin/sh\n# a comment\napp:x:1000:1001::/home/app:/bin/sh\nbroken\n",
          "root:x:0:\nstaff:x:50:app,other\napp:x:1001:\nvideo:x:44:app\n");

  @Test
  void aNameBringsItsGroupsAndItsHome() {
    Accounts.Account app = accounts.resolve("app", List.of());
    assertThat(app.user().uid()).isEqualTo(1000);
    assertThat(app.user().gid()).isEqualTo(1001);
    assertThat(app.user().additionalGids()).containsExactly(44L, 50L, 1001L);
    assertThat(app.home()).isEqualTo("/home/app");
  }

  @Test
  void anEmptyTextIsRoot() {
    assertThat(accounts.resolve("", List.of()).home()).isEqualTo("/root");
    assertThat(new Accounts("", "").resolve("", List.of()).user().uid()).isZero();
  }

  @Test
  void aNamedGroupReplacesTheUsersOwn() {
    Accounts.Account app = accounts.resolve("app:staff", List.of("video", "7"));
    assertThat(app.user().gid()).isEqualTo(50);
    assertThat(app.user().additionalGids()).containsExactly(7L, 44L, 50L);
  }

  @Test
  void aNumberNeedsNoEntry() {
    assertThat(accounts.resolve("4711:12", List.of()).user().uid()).isEqualTo(4711);
    assertThat(accounts.resolve("1000", List.of()).home()).isEqualTo("/home/app");
  }

  @Test
  void anUnknownNameIsRefusedInDockersWords() {
    assertThatThrownBy(() -> accounts.resolve("nobody", List.of()))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("unable to find user nobody: no matching entries in passwd file");
    assertThatThrownBy(() -> accounts.resolve("app:none", List.of()))
        .hasMessage("unable to find group none: no matching entries in group file");
    assertThatThrownBy(() -> accounts.resolve("99999999999999999999", List.of()))
        .isInstanceOf(Fault.InvalidArgument.class);
  }
}
