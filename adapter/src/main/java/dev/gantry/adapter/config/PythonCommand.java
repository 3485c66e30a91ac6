package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The command of a Python target: interpreter, {@code -u}, {@code pythonArgs}, then the file, module or text. */
final class PythonCommand {
    private static final String[] ENDINGS = {".py", ".pyw", ".pyc", ".pyz"};

    private PythonCommand() {}

    static boolean looksLikePython(String program, Command.Place place) {
        String lower = program.toLowerCase(Locale.ROOT);
        for (String ending : ENDINGS) {
            if (lower.endsWith(ending)) {
                return true;
            }
        }
        try {
            Path file = place.cwd().base().resolve(program);
            return Files.isDirectory(file)
                    ? FileHead.isRunnableDirectory(file)
                    : FileHead.of(file).isZip() && FileHead.isRunnableZip(file);
        } catch (InvalidPathException e) {
            // Told where the program is looked up.
            return false;
        }
    }

    static Optional<Command> of(Target target, Command.Place place) {
        Arguments arguments = place.arguments();
        List<String> vector = new ArrayList<>();
        Optional<Path> interpreter = PythonInterpreter.find(place, vector);
        vector.add("-u");
        if (arguments.get("pythonArgs") instanceof JsonArray array) {
            vector.addAll(arguments.elements("pythonArgs", array, false));
        }
        Optional<String> name = addTarget(target, place, vector);
        return interpreter.isEmpty() || name.isEmpty()
                ? Optional.empty()
                : Optional.of(new Command(TargetRuntime.PYTHON, interpreter.get(), vector, name.get()));
    }

    /** Adds what Python is to run; its name for people, or nothing after a fault. */
    private static Optional<String> addTarget(Target target, Command.Place place, List<String> vector) {
        if (target instanceof Target.Module module) {
            vector.add("-m");
            vector.add(module.name());
            return Optional.of(module.name());
        }
        if (target instanceof Target.Code code) {
            vector.add("-c");
            vector.add(code.text());
            return Optional.of("code");
        }
        String written = ((Target.Program) target).path();
        Optional<Path> file =
                Paths.resolve(place.arguments(), "program", written, place.cwd().base());
        if (file.isEmpty() || !isRunnable(place.arguments(), file.get(), written)) {
            return Optional.empty();
        }
        vector.add(file.get().toString());
        return Optional.of(fileName(file.get()));
    }

    static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }

    private static boolean isRunnable(Arguments arguments, Path file, String written) {
        if (!Files.exists(file)) {
            arguments.fault("program", "'program' " + Paths.missing(file, written));
        } else if (Files.isDirectory(file) && !FileHead.isRunnableDirectory(file)) {
            arguments.fault("program", "'program' " + file + " is a directory without __main__.py; name a file in it");
        } else if (!Files.isReadable(file)) {
            arguments.fault("program", "'program' " + file + " may not be read by this user");
        }
        return !arguments.isFaulty("program");
    }
}
