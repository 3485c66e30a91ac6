package dev.gantry.adapter.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Signals to this process that are heard instead of obeyed. The JDK has no supported way; sun.misc.Signal is in every JDK, but
 * named only at run time, since the compiler warns of it without a remedy. What hears runs on a daemon thread of its own for each
 * signal that comes, and stays until the process ends. QUIT is the JVM's own and cannot be had.
 */
public final class TerminalSignals {
    /** The system property by which {@code gantry run} makes its adapter deaf to Ctrl+C where no session of its own can. */
    static final String IGNORE_INTERRUPT = "gantry.ignore.interrupt";

    private TerminalSignals() {}

    /** Ctrl+C does nothing to this process from now on, if whoever started it said so. */
    public static void ignoreInterruptIfTold() {
        if (Boolean.getBoolean(IGNORE_INTERRUPT)) {
            ignore("INT");
        }
    }

    /**
     * Calls back with the signal's number whenever it comes. One that whoever started us has ignored stays ignored.
     *
     * @param name such as "INT"
     * @return whether that is possible here; if not, the signal does what it does to any process
     */
    static boolean hear(String name, IntConsumer onSignal) {
        try {
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    onSignal.accept(
                            (Integer) signalClass().getMethod("getNumber").invoke(arguments[0]));
                    yield null;
                }
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "TerminalSignals";
            };
            Object before = install(
                    name,
                    Proxy.newProxyInstance(
                            TerminalSignals.class.getClassLoader(), new Class<?>[] {handlerClass()}, calls));
            if (ignoring().equals(before)) {
                install(name, ignoring());
            }
            return true;
        } catch (ReflectiveOperationException unavailable) {
            return false;
        }
    }

    /** From now on the signal does nothing to us. */
    static void ignore(String name) {
        try {
            install(name, ignoring());
        } catch (ReflectiveOperationException unavailable) {
            return; // It does what it does to any process.
        }
    }

    /**
     * Does to us, a moment later, what the signal does to a process that does not hear it.
     *
     * @param meanwhile returns when the signal has done that, or was without effect; then it is heard as before
     */
    static void obey(String name, Runnable meanwhile) {
        try {
            Object before = install(name, handlerClass().getField("SIG_DFL").get(null));
            // The JVM raises only what it handles.
            Probe.run(List.of(
                    "/bin/sh",
                    "-c",
                    "kill -" + name + " \"$0\"",
                    Long.toString(ProcessHandle.current().pid())));
            meanwhile.run();
            install(name, before);
        } catch (ReflectiveOperationException unavailable) {
            return; // Then it is not heard either.
        }
    }

    private static Object install(String name, Object handler) throws ReflectiveOperationException {
        return signalClass().getMethod("handle", signalClass(), handlerClass()).invoke(null, signal(name), handler);
    }

    private static Object ignoring() throws ReflectiveOperationException {
        return handlerClass().getField("SIG_IGN").get(null);
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return signalClass().getConstructor(String.class).newInstance(name);
    }

    private static Class<?> signalClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.Signal");
    }

    private static Class<?> handlerClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.SignalHandler");
    }
}
