package dev.gantry.adapter.dap;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicInteger;

/** The trace when no file was asked for. Stateless but for what it may still write to stderr. */
final class NoTrace implements Trace {
    /** Clients often never read an adapter's stderr: less than the 64 KiB that a pipe holds can never block. */
    private static final int STDERR_BUDGET = 32 * 1024;

    private final AtomicInteger written = new AtomicInteger();

    @Override
    public boolean isOn() {
        return false;
    }

    @Override
    public void received(byte[] body) {}

    @Override
    public void sent(byte[] bytes, int from, int length) {}

    @Override
    public void note(String line) {}

    @Override
    public String fault(String where, Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        String told = "gantry: fault in " + where + ": " + text;
        if (written.addAndGet(told.length()) <= STDERR_BUDGET) {
            PrintStream err = System.err;
            err.print(told);
        }
        return "start the adapter with --log FILE for details";
    }

    @Override
    public void close() {}
}
