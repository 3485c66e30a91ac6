package dev.gantry.adapter.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gantry dap}. */
@Command(
        name = "dap",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Speaks the Debug Adapter Protocol over standard input and output until the client goes.",
            "",
            "This is what an editor starts. Standard output carries the protocol and nothing else."
        },
        optionListHeading = "%nOptions:%n")
final class DapCommand implements Callable<Integer> {
    private final Entry entry;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "Keep every message and the reason of every decision in FILE.")
    private Optional<Path> log = Optional.empty();

    DapCommand(Entry entry) {
        this.entry = entry;
    }

    @Override
    public Integer call() throws IOException {
        if (log.isPresent()) {
            LogFile.check(log.get());
        }
        return entry.serveStdio(log);
    }
}
