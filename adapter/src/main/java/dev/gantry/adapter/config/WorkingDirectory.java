package dev.gantry.adapter.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the target runs, and what relative paths in its attributes are relative to.
 *
 * <p>Without {@code cwd} it is the directory that {@code program} names, if it names one (that is debugpy's rule), else the
 * adapter's; a relative program is then relative to the adapter's.
 *
 * @param directory of the target, absolute
 * @param base of a relative program
 */
record WorkingDirectory(Path directory, Path base) {
    static WorkingDirectory read(Arguments arguments, Optional<Target> target, Host host) {
        Path own = host.workingDirectory();
        Optional<String> cwd = arguments.text("cwd");
        if (cwd.isEmpty()) {
            return new WorkingDirectory(ofProgram(target, host), own);
        }
        Optional<Path> directory = Paths.resolve(arguments, "cwd", cwd.get(), own);
        if (directory.isEmpty()) {
            return new WorkingDirectory(own, own);
        }
        Path found = directory.get();
        if (!Files.exists(found)) {
            arguments.fault("cwd", "'cwd' " + Paths.missing(found, cwd.get()));
        } else if (!Files.isDirectory(found)) {
            arguments.fault("cwd", "'cwd' " + found + " is not a directory");
        } else if (!Files.isExecutable(found)) {
            arguments.fault("cwd", "'cwd' " + found + " may not be entered by this user");
        }
        return new WorkingDirectory(found, found);
    }

    private static Path ofProgram(Optional<Target> target, Host host) {
        Path own = host.workingDirectory();
        if (!(target.orElse(null) instanceof Target.Program program)
                || host.platform().isBare(program.path())) {
            return own;
        }
        try {
            Path parent = Paths.clean(own.resolve(program.path())).getParent();
            return parent != null && Files.isDirectory(parent) ? parent : own;
        } catch (InvalidPathException e) {
            // The program is no path: told where it is looked up.
            return own;
        }
    }
}
