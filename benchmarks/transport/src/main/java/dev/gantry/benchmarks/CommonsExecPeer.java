package dev.gantry.benchmarks;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.PumpStreamHandler;

/** org.apache.commons:commons-exec: ProcessBuilder with threads that pump. It runs a program to its end, so there is no conversation. */
final class CommonsExecPeer implements Peer {
    /** Counts. */
    private static final class Counter extends OutputStream {
        long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] data, int from, int length) {
            bytes += length;
        }
    }

    private static long execute(List<String> command, InputStream in) throws Exception {
        Counter out = new Counter();
        DefaultExecutor executor = DefaultExecutor.builder().get();
        executor.setStreamHandler(new PumpStreamHandler(out, new Counter(), in));
        CommandLine line = new CommandLine(command.get(0));
        command.subList(1, command.size()).forEach(argument -> line.addArgument(argument, false));
        executor.execute(line);
        return out.bytes;
    }

    @Override
    public long read(List<String> command) throws Exception {
        return execute(command, null);
    }

    @Override
    public void write(List<String> command, long bytes) throws Exception {
        execute(command, new InputStream() {
            private long left = bytes;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] buffer, int from, int length) {
                if (left <= 0) {
                    return -1;
                }
                int count = (int) Math.min(left, length);
                left -= count;
                return count;
            }
        });
    }

    @Override
    public Echo echo(List<String> command) {
        throw new UnsupportedOperationException("it runs a program to its end");
    }

    @Override
    public long converse(List<String> command, int programs, int bytes) {
        throw new UnsupportedOperationException("it runs a program to its end");
    }
}
