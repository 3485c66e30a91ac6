package dev.gantry.adapter.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Hears INT, TERM and HUP instead of being ended by them. The JDK has no supported way; sun.misc.Signal is in every JDK, but
 * named only at run time, since the compiler warns of it without a remedy. Handlers run on a thread of the JVM's, one for each
 * signal, and stay until the process ends.
 */
final class TerminalSignals {
    private TerminalSignals() {}

    /**
     * Calls back for each of the signals from now on.
     *
     * @return whether that is possible here; if not, the signals end this process, and the adapter sees the end of its input
     */
    static boolean handle(Runnable onSignal) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    onSignal.run();
                    yield null;
                }
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "TerminalSignals";
            };
            Object handler =
                    Proxy.newProxyInstance(TerminalSignals.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
            for (String name : List.of("INT", "TERM", "HUP")) {
                Object instance = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handlerType).invoke(null, instance, handler);
            }
            return true;
        } catch (ReflectiveOperationException unavailable) {
            return false;
        }
    }
}
