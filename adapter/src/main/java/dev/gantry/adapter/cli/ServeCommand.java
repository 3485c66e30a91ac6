package dev.gantry.adapter.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gantry serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Speaks the Debug Adapter Protocol over TCP on loopback, with a session for each connection.",
            "",
            "Prints one line with the port and the token. Every launch and attach has to carry the token as the"
                    + " attribute @|bold gantryToken|@: anybody on this machine can reach the port, and a session runs programs."
        },
        optionListHeading = "%nOptions:%n")
final class ServeCommand implements Callable<Integer> {
    private final Entry entry;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            required = true,
            description = "The port to listen on, 0 for any free one.")
    private int port;

    @Option(
            names = "--max-sessions",
            paramLabel = "N",
            defaultValue = "64",
            description = "How many sessions there may be at once (default: ${DEFAULT-VALUE}).")
    private int maxSessions;

    @Option(
            names = "--token-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long a connection may stay without a launch or attach that carries the token"
                    + " (default: ${DEFAULT-VALUE}).")
    private int tokenTimeout;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "Keep every message and the reason of every decision in FILE.")
    private Optional<Path> log = Optional.empty();

    @Option(names = "--json", description = "Print the line as a JSON object.")
    private boolean json;

    ServeCommand(Entry entry) {
        this.entry = entry;
    }

    @Override
    public Integer call() throws IOException {
        CommandSpec command = java.util.Objects.requireNonNull(spec);
        if (port < 0 || port > 65535) {
            throw new ParameterException(command.commandLine(), "--port is a number from 0 to 65535, not " + port);
        }
        if (maxSessions < 1) {
            throw new ParameterException(command.commandLine(), "--max-sessions is at least 1, not " + maxSessions);
        }
        if (tokenTimeout < 1) {
            throw new ParameterException(command.commandLine(), "--token-timeout is at least 1, not " + tokenTimeout);
        }
        if (log.isPresent()) {
            LogFile.check(log.get());
        }
        PrintWriter out = command.commandLine().getOut();
        return entry.serveTcp(
                new Entry.TcpOptions(port, maxSessions, Duration.ofSeconds(tokenTimeout), log), (at, token) -> {
                    out.println(line(at, token));
                    out.flush();
                });
    }

    private String line(int at, String token) {
        if (!json) {
            return "listening on 127.0.0.1:" + at + " token " + token;
        }
        JsonObject object = new JsonObject();
        object.addProperty("host", "127.0.0.1");
        object.addProperty("port", at);
        object.addProperty("token", token);
        return object.toString();
    }
}
