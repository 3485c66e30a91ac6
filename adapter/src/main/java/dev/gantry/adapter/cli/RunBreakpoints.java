package dev.gantry.adapter.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options of {@code gantry run} that look into the program. */
final class RunBreakpoints {
    @Option(
            names = "--break",
            paramLabel = "WHERE",
            description =
                    "Stop there, print the stack and the local variables, and go on; may be repeated. WHERE is FILE:LINE,"
                            + " a FUNCTION (also CLASS.METHOD), raised or uncaught (exceptions); 'WHERE if CONDITION' stops only where"
                            + " that is true. For Python programs.")
    private List<String> stops = new ArrayList<>();

    @Option(
            names = "--log-point",
            arity = "2",
            paramLabel = "FILE:LINE MESSAGE",
            hideParamSyntax = true,
            description =
                    "Print a message to standard error whenever the line is reached, without a stop; {expressions}"
                            + " in it are evaluated there. May be repeated.")
    private List<String> logPoints = new ArrayList<>();

    @Option(
            names = "--stops",
            paramLabel = "N",
            description = "Stop N times at most; the program then runs on as if nobody looked.")
    private Optional<Integer> most = Optional.empty();

    /** Empty where nothing was asked. */
    Optional<DebugRequest> request(RunOptions.Target target, Path cwd) throws BreakpointWords.WrongException {
        if (most.isPresent() && most.get() < 1) {
            throw new BreakpointWords.WrongException("--stops is 1 or more, not " + most.get());
        }
        if (most.isPresent() && stops.isEmpty()) {
            throw new BreakpointWords.WrongException("--stops is about the stops of --break, and there is none");
        }
        if (stops.isEmpty() && logPoints.isEmpty()) {
            return Optional.empty();
        }
        BreakpointWords words = BreakpointWords.of(target, cwd, Path.of("").toAbsolutePath());
        List<Breakpoint> breakpoints = new ArrayList<>();
        for (String word : stops) {
            breakpoints.add(words.stop(word));
        }
        for (int i = 0; i + 1 < logPoints.size(); i += 2) {
            breakpoints.add(words.logPoint(logPoints.get(i), logPoints.get(i + 1)));
        }
        OptionalInt limit = most.isPresent() ? OptionalInt.of(most.get()) : OptionalInt.empty();
        return Optional.of(new DebugRequest(breakpoints, limit));
    }
}
