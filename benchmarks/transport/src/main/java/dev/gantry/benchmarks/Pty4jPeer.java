package dev.gantry.benchmarks;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** org.jetbrains.pty4j: a pseudo-terminal in place of pipes, so that bulk and echoes are another matter. */
final class Pty4jPeer implements Peer {
    private static PtyProcess start(List<String> command) throws IOException {
        return new PtyProcessBuilder(command.toArray(new String[0]))
                .setEnvironment(Map.of("TERM", "xterm"))
                .start();
    }

    private static long finish(PtyProcess process) throws IOException, InterruptedException {
        long all = JdkPeer.drain(process.getInputStream());
        JdkPeer.finish(process);
        return all;
    }

    @Override
    public long read(List<String> command) throws Exception {
        return finish(start(command));
    }

    @Override
    public void write(List<String> command, long bytes) {
        throw new UnsupportedOperationException("a terminal is no pipe");
    }

    @Override
    public Echo echo(List<String> command) {
        throw new UnsupportedOperationException("a terminal echoes by itself");
    }

    @Override
    public long converse(List<String> command, int programs, int bytes) {
        throw new UnsupportedOperationException("a terminal is no pipe");
    }
}
