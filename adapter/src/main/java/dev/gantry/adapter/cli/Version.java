package dev.gantry.adapter.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version, from the jar's manifest. */
final class Version implements IVersionProvider {
    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("of class files (no jar)");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"gantry " + text()};
    }
}
