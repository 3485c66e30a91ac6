package dev.gantry.adapter;

import dev.gantry.adapter.cli.Entry;
import dev.gantry.adapter.cli.TerminalSignals;
import dev.gantry.adapter.dap.FirstBytes;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What the command line's commands start. */
final class Adapter implements Entry {
    @Override
    public int serveStdio(Optional<Path> log) throws IOException {
        System.setOut(System.err);
        TerminalSignals.ignoreInterruptIfTold();
        return StdioServer.serve(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                FirstBytes.none(),
                log);
    }

    @Override
    public int serveTcp(TcpOptions options, Listening listening) throws IOException {
        return TcpServer.serve(options, listening);
    }
}
