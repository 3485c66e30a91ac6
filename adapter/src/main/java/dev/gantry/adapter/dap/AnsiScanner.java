package dev.gantry.adapter.dap;

/**
 * Follows one terminal escape sequence byte by byte (ECMA-48: CSI, OSC and the other strings, and the short ones). Confined to
 * the reactor.
 */
final class AnsiScanner {
    /** What a byte does to the sequence. */
    enum Step {
        /** It belongs to it, and more must come. */
        MORE,
        /** It is its last. */
        COMPLETE,
        /** It does not belong to it: this is no escape sequence. */
        BROKEN
    }

    private enum State {
        ESCAPE,
        INTERMEDIATE,
        CONTROL,
        STRING,
        STRING_ESCAPE
    }

    private static final byte ESC = 0x1B;
    private static final byte BEL = 0x07;

    private State state = State.ESCAPE;

    /** A sequence starts: its ESC was seen. */
    void start() {
        state = State.ESCAPE;
    }

    Step next(byte b) {
        return switch (state) {
            case ESCAPE -> afterEscape(b);
            case INTERMEDIATE -> b >= 0x20 && b <= 0x2F ? Step.MORE : isBetween(b, 0x30, 0x7E);
            case CONTROL -> b >= 0x20 && b <= 0x3F ? Step.MORE : isBetween(b, 0x40, 0x7E);
            case STRING -> inString(b);
            case STRING_ESCAPE -> b == '\\' ? Step.COMPLETE : Step.BROKEN;
        };
    }

    private Step afterEscape(byte b) {
        if (b == '[') {
            return goOn(State.CONTROL);
        }
        if (b == ']' || b == 'P' || b == 'X' || b == '^' || b == '_') {
            return goOn(State.STRING);
        }
        return b >= 0x20 && b <= 0x2F ? goOn(State.INTERMEDIATE) : isBetween(b, 0x30, 0x7E);
    }

    /** A line's end breaks it: a stray ESC must not swallow a program's output. */
    private Step inString(byte b) {
        if (b == ESC) {
            return goOn(State.STRING_ESCAPE);
        }
        if (b == BEL) {
            return Step.COMPLETE;
        }
        return b >= 0 && b < 0x20 ? Step.BROKEN : Step.MORE;
    }

    private Step goOn(State next) {
        state = next;
        return Step.MORE;
    }

    private static Step isBetween(byte b, int low, int high) {
        return b >= low && b <= high ? Step.COMPLETE : Step.BROKEN;
    }
}
