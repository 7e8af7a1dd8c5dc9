package dev.kemas.archtest;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules that no single module can hold by itself. */
final class RulesTest {
  private static final Set<String> SLEEPERS =
      Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.kemas");

  @Test
  void onlyTheLinuxModuleCallsNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.kemas.linux..")
        .should()
        .dependOnClassesThat(
            describe(
                "reach native code",
                c ->
                    c.getName().equals("java.lang.foreign.Linker")
                        || c.getName().equals("java.lang.foreign.SymbolLookup")))
        .because("one place to audit: add the call to dev.kemas.linux")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.kemas.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "sleep, by whatever parameters",
                call ->
                    call.getName().equals("sleep")
                        && SLEEPERS.contains(call.getTargetOwner().getName())))
        .because("a wait has a condition and a deadline: use a lock, a queue or a poll")
        .check(CLASSES);
  }

  @Test
  void nobodyPrintsButThePrograms() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.kemas.cli..", "dev.kemas.daemon..", "dev.kemas.registry.server.command..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .because("a library logs through SLF4J or throws a Fault")
        .check(CLASSES);
  }
}
