package dev.gantry.launcher;

/**
 * The size of a terminal in characters.
 *
 * @param columns 1 to 65535
 * @param rows 1 to 65535
 */
public record WindowSize(int columns, int rows) {
    public WindowSize {
        if (columns < 1 || columns > 0xFFFF || rows < 1 || rows > 0xFFFF) {
            throw new IllegalArgumentException("window size " + columns + "x" + rows + ": each must be 1 to 65535");
        }
    }
}
