package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.OwnVersion;
import picocli.CommandLine.IVersionProvider;

/** The version, for {@code --version}. */
final class Version implements IVersionProvider {
    static String text() {
        return OwnVersion.text().orElse("of class files (no jar)");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"gantry " + text()};
    }
}
