package dev.gantry.launcher.windows;

/**
 * Something asked for cannot be given to a program on this system as it is: an argument, a variable. Checked, so that whoever
 * starts a process makes a {@link dev.gantry.launcher.SpawnException} of it; the message says what and why, without the program's
 * name: "argument 2 has a NUL character".
 */
final class UnpassableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    UnpassableException(String message) {
        this(message, WindowsError.INVALID_PARAMETER);
    }

    UnpassableException(String message, int code) {
        super(message);
        this.code = code;
    }

    /** The system's number for it. */
    int code() {
        return code;
    }

    /**
     * Passes a text that arrives whole. Half a character would arrive at programs that read their arguments in UTF-16, and no others; it
     * is refused as on the other systems.
     *
     * @param what names the text in the message
     */
    static void refuseFlaws(String what, String text) throws UnpassableException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new UnpassableException(what + " has a NUL character");
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new UnpassableException(what + " has half a character (an unpaired surrogate)");
                }
                i++;
            }
        }
    }
}
