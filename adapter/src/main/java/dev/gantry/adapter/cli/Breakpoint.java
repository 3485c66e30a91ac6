package dev.gantry.adapter.cli;

import java.util.Optional;

/** Where {@code gantry run} was asked to stop. {@code written} is how it was asked. */
sealed interface Breakpoint {
    String written();

    /**
     * Before a line.
     *
     * @param file its path, or what the adapter calls a text that is in no file
     * @param message what is printed instead of a stop
     */
    record Line(String written, String file, int line, Optional<String> condition, Optional<String> message)
            implements Breakpoint {}

    /** At the start of a function. */
    record Function(String written, String name, Optional<String> condition) implements Breakpoint {}

    /**
     * At exceptions.
     *
     * @param filter the adapter's name for which
     */
    record Exceptions(String written, String filter, Optional<String> condition) implements Breakpoint {}
}
