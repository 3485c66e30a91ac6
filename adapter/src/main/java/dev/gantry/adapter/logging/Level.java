package dev.gantry.adapter.logging;

/** Those of {@code java.util.logging.Level} that libraries name. */
public final class Level {
    public static final Level SEVERE = new Level("SEVERE", 1000);
    public static final Level WARNING = new Level("WARNING", 900);
    public static final Level INFO = new Level("INFO", 800);
    public static final Level FINE = new Level("FINE", 500);
    public static final Level FINER = new Level("FINER", 400);

    private final String name;
    private final int value;

    private Level(String name, int value) {
        this.name = name;
        this.value = value;
    }

    boolean isAtLeast(Level other) {
        return value >= other.value;
    }

    @Override
    public String toString() {
        return name;
    }
}
