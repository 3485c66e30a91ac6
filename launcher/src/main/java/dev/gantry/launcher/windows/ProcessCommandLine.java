package dev.gantry.launcher.windows;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.Optional;

/** The command line that this process was started with. Stateless; any thread. */
public final class ProcessCommandLine {
    private ProcessCommandLine() {}

    /**
     * The text as it is: Java decodes its arguments by the system's code page, puts "?" for what that lacks, and replaces words with
     * wildcards by the files that match. Loads JNA.
     *
     * @return empty where JNA cannot be used
     */
    public static Optional<String> text() {
        try {
            Pointer line = Function.getFunction("kernel32", "GetCommandLineW").invokePointer(new Object[0]);
            return Optional.of(line.getWideString(0));
        } catch (LinkageError unusable) {
            return Optional.empty();
        }
    }
}
