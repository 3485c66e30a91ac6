package dev.gantry.adapter.conformance;

import com.google.gson.JsonObject;
import dev.gantry.adapter.e2e.Json;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What conversations are about. Those in Python are on the newest that is found, and debugged. */
enum TargetProgram {
    /** Not debugged. */
    PLAIN(false, "echo 'answer 42 🦆'; echo warning >&2; exit 3", "warning\n", 3),
    PLAIN_WAITING(false, "echo 'answer 42 🦆'; exec sleep 60", "", 128 + 15),
    PYTHON(true, Text.CALL + "print('warning', file=sys.stderr)\nsys.exit(3)\n", "warning\n", 3),
    PYTHON_RAISING(true, Text.CALL + "raise ValueError('no duck')\n", "ValueError: no duck\n", 1),
    PYTHON_WAITING(
            true,
            "import time\nprint('answer 42 🦆', flush=True)\nwhile True:\n    time.sleep(0.01)\n",
            "KeyboardInterrupt\n",
            128 + 2),
    /** Never starts. */
    MISSING(false, "", "", -1);

    private static final class Text {
        /** Its breakpoint is in line {@link TargetProgram#LINE}, where the answer is known and not yet said. */
        static final String CALL = """
                import sys


                def work(number):
                    half = number // 2
                    answer = half * 2
                    print("answer", answer, "🦆")
                    return answer


                result = work(42)
                """;
    }

    /** What each that starts writes to standard output. */
    static final String OUTPUT = "answer 42 🦆\n";

    /** Of the breakpoint, and of the call that leads there. */
    static final int LINE = 7;

    static final int CALL_LINE = 11;

    private final boolean debugged;
    private final String text;
    private final String lastError;
    private final int exitCode;

    TargetProgram(boolean debugged, String text, String lastError, int exitCode) {
        this.debugged = debugged;
        this.text = text;
        this.lastError = lastError;
        this.exitCode = exitCode;
    }

    static TargetProgram of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Its file; written for all, so that clients can set breakpoints in it. */
    Path write(Path folder) {
        try {
            return Files.writeString(folder.toRealPath().resolve("program.py"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The part of the launch arguments that is the user's. */
    JsonObject launch(Path file) {
        if (this == MISSING) {
            return Json.object("program", file.resolveSibling("missing.py").toString());
        }
        if (!debugged) {
            return Json.shell(text);
        }
        Python python = Pythons.newest();
        JsonObject launch = Json.object(
                "program", file.toString(), "python", python.executable().toString());
        if (this == PYTHON_WAITING) {
            // However long it takes on a busy machine: it is the interrupt that ends it.
            launch.add("stopLadder", Json.array("SIGINT:60", "SIGKILL"));
        }
        return launch;
    }

    String text() {
        return text;
    }

    boolean isDebugged() {
        return debugged;
    }

    boolean starts() {
        return this != MISSING;
    }

    /** The end of what it writes to standard error. */
    String lastError() {
        return lastError;
    }

    int exitCode() {
        return exitCode;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
