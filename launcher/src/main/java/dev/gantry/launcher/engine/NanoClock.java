package dev.gantry.launcher.engine;

/** Time that only grows, from any origin; {@link System#nanoTime} but in tests. */
@FunctionalInterface
public interface NanoClock {
    long nanoTime();

    static NanoClock system() {
        return System::nanoTime;
    }
}
