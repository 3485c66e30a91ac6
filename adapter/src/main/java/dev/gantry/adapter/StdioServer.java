package dev.gantry.adapter;

import dev.gantry.adapter.dap.DapConnection;
import dev.gantry.adapter.dap.FirstBytes;
import dev.gantry.adapter.dap.Intake;
import dev.gantry.adapter.session.TokenGate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One client over standard input and output. */
final class StdioServer {
    private StdioServer() {}

    /** Returns, with the exit status, when the client is gone or was let go, and nothing of its session is left. */
    static int serve(InputStream in, OutputStream out, FirstBytes first, Optional<Path> log) throws IOException {
        Foundation.preload();
        ShutdownSignals signals = new ShutdownSignals();
        try (Foundation foundation = Foundation.open(log)) {
            SessionConnection connection = SessionConnection.open(
                    foundation, new DapConnection.Streams(in, out), first, TokenGate.open(), Intake.forOne());
            CompletableFuture<Void> unused = connection.dap().switchOutput(foundation.backend()::isolateStandardOutput);
            signals.listen(connection::shutDown);
            // This thread has nothing else to do, and the reactor's is busy with its first process.
            SessionRehearsal.run(foundation.trace());
            connection.ended().join();
        } finally {
            signals.done();
        }
        return 0;
    }
}
