package dev.gantry.adapter.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The command line as a process of its own, with an entry that only tells how it was called. */
public final class TestMain {
    private TestMain() {}

    public static void main(String[] arguments) {
        System.exit(Cli.run(arguments, new Recording()));
    }

    private static final class Recording implements Entry {
        @Override
        public int serveStdio(Optional<Path> log) {
            System.out.println("stdio, log " + log);
            return 0;
        }

        @Override
        public int serveTcp(TcpOptions options, Listening listening) throws IOException {
            if (options.port() == 1) {
                throw new IOException("port 1 is taken");
            }
            listening.at(options.port(), "secret");
            return 0;
        }
    }
}
