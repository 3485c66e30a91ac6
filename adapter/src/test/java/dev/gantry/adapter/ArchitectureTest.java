package dev.gantry.adapter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.gantry.adapter.session.Session;

/** The arrows of docs/architecture.md, adapter's part. */
@ArchTag("once")
@AnalyzeClasses(packages = "dev.gantry", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CONTRACT = "dev.gantry.launcher";
    private static final String ADAPTER = "dev.gantry.adapter";

    @ArchTest
    static final ArchRule modelKnowsNothing = mayUse("model");

    @ArchTest
    static final ArchRule configUsesTheContractAndTheModel = mayUse("config", CONTRACT, ADAPTER + ".model");

    @ArchTest
    static final ArchRule agentUsesTheContractAndTheModel = mayUse("agent", CONTRACT, ADAPTER + ".model");

    @ArchTest
    static final ArchRule debuggeeUsesTheAgentConfigAndModel =
            mayUse("debuggee", CONTRACT, ADAPTER + ".agent", ADAPTER + ".config", ADAPTER + ".model");

    @ArchTest
    static final ArchRule sessionUsesDebuggeeAgentConfigAndModel = mayUse(
            "session", CONTRACT, ADAPTER + ".debuggee", ADAPTER + ".agent", ADAPTER + ".config", ADAPTER + ".model");

    @ArchTest
    static final ArchRule wireUsesTheSession =
            mayUse("dap", CONTRACT, ADAPTER + ".session", ADAPTER + ".debuggee", ADAPTER + ".model");

    @ArchTest
    static final ArchRule onlyTheWireUsesJsonRpc = noClasses()
            .that()
            .resideOutsideOfPackage(ADAPTER + ".dap")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.lsp4j.jsonrpc..");

    @ArchTest
    static final ArchRule onlyPlatformsUseJna = noClasses()
            .that()
            .resideOutsideOfPackages("dev.gantry.launcher.linux", "dev.gantry.launcher.windows")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule handlersKnowNoOtherHandler = noClasses()
            .that()
            .resideInAPackage(ADAPTER + ".session")
            .and()
            .haveSimpleNameEndingWith("Handler")
            .and()
            .doNotHaveSimpleName("Handler")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("dev\\.gantry\\.adapter\\.session\\.[A-Z][A-Za-z]+Handler");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.gantry.(**)").should().beFreeOfCycles();

    @ArchTest
    static void somethingIsChecked(com.tngtech.archunit.core.domain.JavaClasses imported) {
        JavaClass session = imported.get(Session.class);
        org.assertj.core.api.Assertions.assertThat(session.getDirectDependenciesFromSelf())
                .isNotEmpty();
    }

    /** Of our own packages, only these and itself. */
    private static ArchRule mayUse(String part, String... packages) {
        String[] allowed = java.util.Arrays.copyOf(packages, packages.length + 1);
        allowed[packages.length] = ADAPTER + "." + part;
        return classes()
                .that()
                .resideInAPackage(ADAPTER + "." + part)
                .should()
                .onlyDependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.not(
                                com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage("dev.gantry.."))
                        .or(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(allowed)));
    }
}
