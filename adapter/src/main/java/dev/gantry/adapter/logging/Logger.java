package dev.gantry.adapter.logging;

import java.text.MessageFormat;
import org.jspecify.annotations.Nullable;

/**
 * Warnings and worse, on standard error; nothing else. Its methods are those of {@code java.util.logging.Logger} that libraries call, with
 * their meaning. Any thread.
 */
public final class Logger {
    private final String name;

    private Logger(String name) {
        this.name = name;
    }

    public static Logger getLogger(String name) {
        return new Logger(name);
    }

    public boolean isLoggable(Level level) {
        return level.isAtLeast(Level.WARNING);
    }

    public void log(Level level, String message) {
        if (isLoggable(level)) {
            System.err.println(level + " " + name + ": " + message);
        }
    }

    public void log(Level level, String message, @Nullable Throwable thrown) {
        log(level, message);
        if (isLoggable(level) && thrown != null) {
            thrown.printStackTrace();
        }
    }

    public void log(Level level, String message, @Nullable Object parameter) {
        log(level, message, new @Nullable Object[] {parameter});
    }

    public void log(Level level, String message, @Nullable Object[] parameters) {
        if (isLoggable(level)) {
            log(level, formatted(message, parameters));
        }
    }

    private static String formatted(String message, @Nullable Object[] parameters) {
        if (parameters.length == 0 || !message.contains("{0")) {
            return message;
        }
        try {
            return MessageFormat.format(message, parameters);
        } catch (IllegalArgumentException noPattern) {
            return message;
        }
    }

    public void warning(String message) {
        log(Level.WARNING, message);
    }

    public void fine(String message) {
        log(Level.FINE, message);
    }
}
