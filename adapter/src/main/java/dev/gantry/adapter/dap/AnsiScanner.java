package dev.gantry.adapter.dap;

import java.util.Arrays;

/**
 * Follows one terminal escape sequence byte by byte (ECMA-48: CSI, OSC and the other strings, and the short ones), and keeps what
 * it is told to keep of it. Confined to the reactor.
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
    private byte[] kept = new byte[64];
    private int length;

    /** A sequence starts: its ESC was seen, and is kept. */
    void start() {
        state = State.ESCAPE;
        length = 0;
        keep(ESC);
    }

    /** Keeps a byte of it. */
    void keep(byte b) {
        if (length == kept.length) {
            kept = Arrays.copyOf(kept, kept.length * 2);
        }
        kept[length++] = b;
    }

    /** What is kept, up to {@link #length}. */
    byte[] kept() {
        return kept;
    }

    int length() {
        return length;
    }

    /** Forgets what is kept; the state stays. */
    void clear() {
        length = 0;
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

    /**
     * Where text begins in what is kept, whatever comes next: at the end where all of it controls something, and in a string behind
     * what introduces it.
     */
    int textStart() {
        if (!isString()) {
            return length;
        }
        boolean command = kept[1] == ']';
        int next = 2;
        while (command && next < length && kept[next] >= '0' && kept[next] <= '9') {
            next++;
        }
        if (next == length) {
            return length;
        }
        return command && kept[next] == ';' ? next + 1 : 2;
    }

    /** Where that text ends: an ESC may begin the end of the string. */
    int textEnd() {
        return state == State.STRING_ESCAPE ? length - 1 : length;
    }

    /** Whether it is one of the sequences that hold a string of any length. */
    boolean isString() {
        return state == State.STRING || state == State.STRING_ESCAPE;
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
