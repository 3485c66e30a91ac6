package dev.gantry.launcher.linux;

import dev.gantry.launcher.ExitReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Our side of what the shell of a terminal launch reports. Pure: bytes and the end of the FIFO go in, events come out. Confined
 * to the reactor's thread.
 */
final class ShimChannel {
    private static final int MAX_LINE = 256;
    private static final int FIRST_SIGNAL_CODE = 128;
    private static final int LAST_SIGNAL = 64;

    private enum State {
        WAITING,
        STARTED,
        OVER
    }

    private final StringBuilder line = new StringBuilder();
    private State state = State.WAITING;

    /** Takes what was read. */
    List<ShimEvent> received(ByteBuffer data) {
        List<ShimEvent> events = new ArrayList<>();
        for (char c : StandardCharsets.ISO_8859_1.decode(data).toString().toCharArray()) {
            if (c == '\n') {
                accept(line.toString(), events);
                line.setLength(0);
            } else if (line.length() < MAX_LINE) {
                line.append(c);
            }
        }
        return events;
    }

    /** The FIFO has no writer any more, having had one. */
    List<ShimEvent> closed() {
        if (state == State.OVER) {
            return List.of();
        }
        String why = state == State.WAITING
                ? "the shell in the terminal ended before it had started the program"
                : "the shell in the terminal was killed, or the terminal closed";
        state = State.OVER;
        return List.of(new ShimEvent.Lost(why));
    }

    /** Whether the last event was told. */
    boolean isOver() {
        return state == State.OVER;
    }

    /**
     * What a shell can tell of an end: {@code $?}. From 129 to 192 it is taken for a death by signal, though a program may exit
     * with such a code itself; a core dump is not told.
     */
    static ExitReason reasonOf(int shellStatus) {
        int signal = shellStatus - FIRST_SIGNAL_CODE;
        return ExitReason.of(signal >= 1 && signal <= LAST_SIGNAL ? signal : (shellStatus & 0xFF) << 8);
    }

    private void accept(String text, List<ShimEvent> events) {
        if (state == State.OVER) {
            return;
        }
        String[] words = text.split(" ", -1);
        try {
            if (words.length == 3 && words[0].equals("hello") && state == State.WAITING) {
                state = State.STARTED;
                events.add(new ShimEvent.Started(new ProcessId(Long.parseLong(words[1]), Long.parseLong(words[2]))));
                return;
            }
            if (words.length == 3 && words[0].equals("refused")) {
                finish(new ShimEvent.Refused(words[1], Integer.parseInt(words[2])), events);
                return;
            }
            if (words.length == 2 && words[0].equals("status")) {
                finish(new ShimEvent.Ended(reasonOf(Integer.parseInt(words[1]))), events);
                return;
            }
        } catch (NumberFormatException notOurs) {
            // Told below as any other line that the script cannot have written.
        }
        finish(new ShimEvent.Lost("the shell in the terminal reported nonsense: " + text), events);
    }

    private void finish(ShimEvent last, List<ShimEvent> events) {
        state = State.OVER;
        events.add(last);
    }
}
