package dev.curfew;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The directions between packages, and what only one of them may do. */
class ArchitectureTest {
    private static final JavaClasses MAIN =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.curfew");

    private static final String INTERNAL = "dev.curfew.internal.";

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.curfew.(**)").should().beFreeOfCycles().check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("dev.curfew.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.curfew")
                .check(MAIN);
    }

    @Test
    void dependenciesPointInOneDirection() {
        allowed("time");
        allowed("report");
        allowed("delivery", "time", "report");
        allowed("tree", "delivery", "time", "report");
        allowed("watch", "tree", "delivery", "report", "time");
    }

    @Test
    void inspectReadsTheLibraryAndNothingOfTheLibraryKnowsIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.curfew.inspect")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.curfew.inspect")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage("dev.curfew.spi")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.curfew..")
                .andShould()
                .dependOnClassesThat()
                .resideOutsideOfPackage("dev.curfew.spi")
                .check(MAIN);
    }

    private static void allowed(String from, String... to) {
        String[] packages = new String[to.length + 3];
        packages[0] = INTERNAL + from;
        packages[1] = "java..";
        packages[2] = "org.jspecify..";
        for (int i = 0; i < to.length; i++) {
            packages[i + 3] = INTERNAL + to[i];
        }
        classes()
                .that()
                .resideInAPackage(INTERNAL + from)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(MAIN);
    }

    @Test
    void onlyReceiversTouchInterruptStatuses() {
        for (String method : new String[] {"interrupt", "isInterrupted", "interrupted"}) {
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(INTERNAL + "tree.Receiver")
                    .and()
                    .doNotHaveFullyQualifiedName(INTERNAL + "tree.Taking")
                    .and()
                    .doNotHaveFullyQualifiedName(INTERNAL + "time.Timer$Loop") // its thread's own
                    .and()
                    .resideOutsideOfPackage(INTERNAL + "delivery") // its threads' own, Workers
                    .should()
                    .callMethod(Thread.class, method)
                    .check(MAIN);
        }
    }

    @Test
    void nothingSleepsOrSpins() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "onSpinWait")
                .check(MAIN);
        noClasses() // docs/decisions/0012
                .that()
                .doNotHaveFullyQualifiedName(INTERNAL + "tree.GivingWay")
                .and()
                .doNotHaveFullyQualifiedName(INTERNAL + "time.FullHeap") // says why
                .should()
                .callMethod(Thread.class, "yield")
                .check(MAIN);
    }

    @Test
    void theModuleNeedsTheBaseAndAnnotationsAloneAndExportsWhatIsPublic() throws Exception {
        Path compiled =
                Path.of(Task.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                        .resolve("module-info.class");
        ModuleDescriptor module;
        try (var in = Files.newInputStream(compiled)) {
            module = ModuleDescriptor.read(in);
        }
        assertThat(module.requires())
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder("java.base", "org.jspecify");
        assertThat(module.exports().stream().filter(e -> !e.isQualified()))
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder("dev.curfew", "dev.curfew.inspect", "dev.curfew.spi");
    }
}
