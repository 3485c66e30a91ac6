package dev.gantry.adapter.agent;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Joins what comes in pieces to frames: four bytes of length, big-endian, then so many bytes. Confined to the reactor. */
final class FrameJoiner {
    /** A longer one is no message of ours: the biggest value that is ever asked for is far below. */
    static final int LONGEST = 64 << 20;

    private static final int KEPT_AT_MOST = 1 << 20;

    private byte[] buffer = new byte[8192];
    private int start;
    private int end;

    void add(ByteBuffer data) {
        int count = data.remaining();
        makeRoom(count);
        data.get(buffer, end, count);
        end += count;
    }

    private void makeRoom(int count) {
        if (buffer.length - end >= count) {
            return;
        }
        int held = end - start;
        if (buffer.length - held >= count) {
            System.arraycopy(buffer, start, buffer, 0, held);
        } else {
            byte[] bigger = new byte[Math.max(buffer.length * 2, held + count)];
            System.arraycopy(buffer, start, bigger, 0, held);
            buffer = bigger;
        }
        start = 0;
        end = held;
    }

    /** Whether a frame is complete. */
    boolean hasNext() {
        return !isBroken() && end - start >= Integer.BYTES && end - start - Integer.BYTES >= length();
    }

    byte[] next() {
        int from = start + Integer.BYTES;
        int to = from + length();
        byte[] body = Arrays.copyOfRange(buffer, from, to);
        start = to;
        if (start == end) {
            start = 0;
            end = 0;
            if (buffer.length > KEPT_AT_MOST) {
                buffer = new byte[8192];
            }
        }
        return body;
    }

    /** Whether what comes next cannot be a frame: nothing after it can be read. */
    boolean isBroken() {
        return end - start >= Integer.BYTES && (length() < 0 || length() > LONGEST);
    }

    private int length() {
        return ByteBuffer.wrap(buffer, start, Integer.BYTES).getInt();
    }
}
