package dev.gantry.adapter.config;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;

/** The version of what runs: from the jar's manifest or, in a package with a Java of its own, from the module. Any thread. */
public final class OwnVersion {
    private OwnVersion() {}

    /** Empty for class files as the compiler wrote them. */
    public static Optional<String> text() {
        String ofJar = OwnVersion.class.getPackage().getImplementationVersion();
        if (ofJar != null) {
            return Optional.of(ofJar);
        }
        return Optional.ofNullable(OwnVersion.class.getModule().getDescriptor()).flatMap(ModuleDescriptor::rawVersion);
    }
}
