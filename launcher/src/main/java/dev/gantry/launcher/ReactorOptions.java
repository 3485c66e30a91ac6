package dev.gantry.launcher;

import java.lang.System.Logger.Level;
import java.util.function.BiConsumer;

/**
 * How a reactor behaves.
 *
 * @param threadName the name of its thread
 * @param subreaper whether to become the process's child subreaper: orphans of children arrive here and are reaped. This
 *     changes the whole process until the last such reactor is closed, so it is off unless asked for. What other code of the process
 *     starts, and its orphans, belong to no tree of a reactor
 * @param errorHandler hears of callbacks and tasks that threw: where, and what. Called on the reactor's thread
 * @param trace hears why things were done (a signal sent, a pipe closed, an orphan adopted); may be a no-op
 */
public record ReactorOptions(
        String threadName,
        boolean subreaper,
        BiConsumer<String, Throwable> errorHandler,
        java.util.function.Consumer<String> trace) {
    /** Thread "reactor", no subreaper, errors to {@link System.Logger}, no trace. */
    public static ReactorOptions defaults() {
        return new ReactorOptions("reactor", false, ReactorOptions::logError, message -> {});
    }

    public ReactorOptions withThreadName(String name) {
        return new ReactorOptions(name, subreaper, errorHandler, trace);
    }

    public ReactorOptions withSubreaper(boolean on) {
        return new ReactorOptions(threadName, on, errorHandler, trace);
    }

    public ReactorOptions withErrorHandler(BiConsumer<String, Throwable> handler) {
        return new ReactorOptions(threadName, subreaper, handler, trace);
    }

    public ReactorOptions withTrace(java.util.function.Consumer<String> listener) {
        return new ReactorOptions(threadName, subreaper, errorHandler, listener);
    }

    private static void logError(String where, Throwable error) {
        System.getLogger("dev.gantry.launcher").log(Level.ERROR, where, error);
    }
}
