package dev.gantry.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/architecture.md, launcher's part. */
@ArchTag("once")
@AnalyzeClasses(packages = "dev.gantry", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule backendsUseTheEngineAndTheEngineTheContract = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("contract")
            .definedBy("dev.gantry.launcher")
            .layer("engine")
            .definedBy("dev.gantry.launcher.engine")
            .layer("linux")
            .definedBy("dev.gantry.launcher.linux")
            .layer("windows")
            .definedBy("dev.gantry.launcher.windows")
            .layer("portable")
            .definedBy("dev.gantry.launcher.portable")
            .whereLayer("linux")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("windows")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("portable")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("linux", "windows", "portable");

    @ArchTest
    static final ArchRule jnaIsForPlatformsOnly = noClasses()
            .that()
            .resideOutsideOfPackages("dev.gantry.launcher.linux", "dev.gantry.launcher.windows")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule launcherKnowsNoAdapter = noClasses()
            .that()
            .resideInAPackage("dev.gantry.launcher..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.gantry.adapter..");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.gantry.(**)").should().beFreeOfCycles();
}
