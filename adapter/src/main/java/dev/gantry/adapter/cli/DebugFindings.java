package dev.gantry.adapter.cli;

import dev.gantry.adapter.agent.AgentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What debugging needs: a place for the agent, and a Python that it can run in. */
final class DebugFindings {
    private static final String AREA = "Debugging";
    private static final String NAME = "agent's files";

    private DebugFindings() {}

    /** Where the agent's files are or will be. Nothing is written. */
    static Finding files(AgentFiles files) {
        try {
            return files(files.home());
        } catch (IOException broken) {
            return new Finding(
                    AREA,
                    NAME,
                    Finding.Verdict.LIMITED,
                    "missing",
                    "Programs run, and cannot be debugged: " + broken.getMessage());
        }
    }

    static Finding files(Optional<Path> home) {
        if (home.isEmpty()) {
            return Finding.limited(
                    AREA,
                    NAME,
                    "written anew by each adapter",
                    "There is no cache directory; set HOME or XDG_CACHE_HOME to save some milliseconds at each start.");
        }
        Path directory = home.get();
        if (Files.isDirectory(directory)) {
            return Finding.ok(AREA, NAME, directory.toString());
        }
        Path parent = directory;
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        if (parent != null && Files.isDirectory(parent) && Files.isWritable(parent)) {
            return Finding.ok(AREA, NAME, directory + " (made at the first start that debugs)");
        }
        return Finding.limited(
                AREA,
                NAME,
                "written anew by each adapter",
                parent + " cannot be written to; let XDG_CACHE_HOME name a directory that can.");
    }

    /**
     * How a Python is debugged: "3.12.1 CPython" by monitoring.
     *
     * @return empty where it is not
     */
    static Optional<String> engine(String version) {
        if (!version.endsWith(" CPython") || !HostFindings.atLeast(version, 3, 8)) {
            return Optional.empty();
        }
        if (HostFindings.atLeast(version, 3, 12)) {
            return Optional.of("debugged by sys.monitoring, at full speed");
        }
        return Optional.of(
                HostFindings.atLeast(version, 3, 11)
                        ? "debugged by calls put into the code, at full speed"
                        : "debugged by tracing, which slows programs down");
    }
}
