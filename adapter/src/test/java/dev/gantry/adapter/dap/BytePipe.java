package dev.gantry.adapter.dap;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** What a client writes, as the adapter reads it. Ends when it is closed from either side. */
final class BytePipe extends InputStream {
    private static final byte[] END = new byte[0];

    private final LinkedBlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private byte[] piece = END;
    private int at;
    private volatile boolean closed;
    private volatile @Nullable Error failure;

    void send(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        sendRaw("Content-Length: " + body.length + "\r\n\r\n");
        pieces.add(body);
    }

    void sendRaw(String text) {
        sendRaw(text.getBytes(StandardCharsets.UTF_8));
    }

    void sendRaw(byte[] bytes) {
        pieces.add(bytes);
    }

    /** Reading fails with this from now on. */
    void fail(Error error) {
        failure = error;
        end();
    }

    void end() {
        pieces.add(END);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) {
        try {
            while (at == piece.length) {
                piece = pieces.take();
                at = 0;
                if (failure != null) {
                    throw failure;
                }
                if (piece.length == 0) {
                    pieces.add(END);
                    return -1;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, target, from, count);
        at += count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
        end();
    }
}
