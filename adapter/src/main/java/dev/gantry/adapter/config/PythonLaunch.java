package dev.gantry.adapter.config;

import java.util.List;

/**
 * The parts of a Python target's command line: {@code interpreter}, what names the target, {@code args}.
 *
 * @param interpreter the interpreter, its own arguments, {@code -u}, {@code pythonArgs}
 * @param target the file's absolute path, the module's name, or the text
 * @param args the target's own
 */
public record PythonLaunch(List<String> interpreter, Kind kind, String target, List<String> args) {
    /** How Python is told what to run. */
    public enum Kind {
        /** A file, zip or directory. */
        PROGRAM("program"),
        MODULE("module"),
        CODE("code");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The attribute's name, and the agent's. */
        public String word() {
            return word;
        }
    }

    PythonLaunch with(List<String> more) {
        return new PythonLaunch(interpreter, kind, target, more);
    }

    public PythonLaunch {
        interpreter = List.copyOf(interpreter);
        args = List.copyOf(args);
    }
}
