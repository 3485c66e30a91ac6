package dev.gantry.launcher.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The end of a terminal's input: there is none but a character that the line discipline takes for it. */
final class TerminalInput {
    private static final int TERMIOS_BYTES = 64;
    private static final int C_LFLAG = 12;
    private static final int C_CC = 17;
    private static final int VEOF = 4;
    private static final int ICANON = 2;
    private static final byte CTRL_D = 4;

    private TerminalInput() {}

    /** Queues the end-of-file character; a program that has turned lines off reads it as a character like others. */
    static void writeEndOfFile(Channel terminal) {
        terminal.output().write(ByteBuffer.wrap(new byte[] {endOfFile(terminal.fd())}));
    }

    private static byte endOfFile(int master) {
        ByteBuffer termios = ByteBuffer.allocateDirect(TERMIOS_BYTES).order(ByteOrder.nativeOrder());
        if (Libc.ioctl(master, Libc.TCGETS, Libc.address(termios)) == -1 || (termios.getInt(C_LFLAG) & ICANON) == 0) {
            return CTRL_D;
        }
        return termios.get(C_CC + VEOF);
    }
}
