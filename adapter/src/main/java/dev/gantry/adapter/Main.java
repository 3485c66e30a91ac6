package dev.gantry.adapter;

import dev.gantry.adapter.cli.Cli;
import dev.gantry.adapter.cli.LogFile;
import dev.gantry.adapter.cli.TerminalSignals;
import dev.gantry.adapter.dap.EarlyInitialize;
import dev.gantry.adapter.dap.FirstBytes;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way in. Without arguments, or with {@code dap}, it answers the client's first message before anything else is loaded; every other
 * command line is picocli's.
 */
public final class Main {
    /** Where the log's name has to be asked for, since Java may have mangled it: the command line does that. */
    private static final boolean WINDOWS = File.separatorChar == '\\';

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        // Whatever prints to System.out by mistake must not get into the protocol.
        if (isDap(arguments)) {
            System.setOut(System.err);
            System.exit(dapStatus(arguments.length == 3 ? arguments[2] : null));
        }
        System.exit(Cli.run(arguments, new Adapter()));
    }

    /** Nothing, "dap", or "dap --log FILE". */
    private static boolean isDap(String[] arguments) {
        return arguments.length == 0
                || (arguments[0].equals("dap")
                        && (arguments.length == 1
                                || (arguments.length == 3 && arguments[1].equals("--log") && !WINDOWS)));
    }

    private static int dapStatus(@Nullable String log) {
        Optional<Path> file;
        try {
            // Before the first answer: a client that got one would take the end that follows for a crash.
            file = log == null ? Optional.empty() : Optional.of(LogFile.named(log));
        } catch (IOException e) {
            System.err.println("gantry: " + e.getMessage());
            return 1;
        }
        try {
            return speakDap(file);
        } catch (IOException e) {
            System.err.println("gantry: " + e);
            return 1;
        }
    }

    private static int speakDap(Optional<Path> log) throws IOException {
        if (WINDOWS) {
            TerminalSignals.ignoreInterruptIfTold();
        }
        InputStream in = new FileInputStream(FileDescriptor.in);
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        FirstBytes first = EarlyInitialize.answer(in, out, EarlyInitialize.announcedCapabilities());
        return StdioServer.serve(in, out, first, log);
    }
}
