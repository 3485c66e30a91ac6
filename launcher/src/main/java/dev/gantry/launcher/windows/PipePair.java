package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A named pipe with both ends open: ours overlapped and not inheritable, the child's synchronous, as C runtimes want it, and
 * inheritable. The name is random, ours is its first and only instance, and only its owner may connect, from
 * this machine.
 *
 * @param ours owned by whoever takes it
 * @param childs closed once the child has it
 */
record PipePair(long ours, long childs) {
    /** What the pipe holds in each direction before a writer waits. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final int FIRST_INSTANCE = 0x00080000;
    private static final int REJECT_REMOTE_CLIENTS = 0x00000008;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The child writes, we read. */
    static PipePair childWrites() throws SystemCallException {
        return open(WinBase.PIPE_ACCESS_INBOUND, WinNT.GENERIC_WRITE | WinNT.FILE_READ_ATTRIBUTES);
    }

    /** We write, the child reads. Our end is open both ways, so that a read of it ends when nobody has the child's any more. */
    static PipePair childReads() throws SystemCallException {
        return open(WinBase.PIPE_ACCESS_DUPLEX, WinNT.GENERIC_READ | WinNT.FILE_WRITE_ATTRIBUTES);
    }

    private static PipePair open(int ourAccess, int childsAccess) throws SystemCallException {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        WString name = new WString("\\\\.\\pipe\\gantry-"
                + ProcessHandle.current().pid() + "-" + HexFormat.of().formatHex(random));
        long ours = Kernel32.CreateNamedPipeW(
                name,
                ourAccess | WinNT.FILE_FLAG_OVERLAPPED | FIRST_INSTANCE,
                WinBase.PIPE_TYPE_BYTE | WinBase.PIPE_READMODE_BYTE | WinBase.PIPE_WAIT | REJECT_REMOTE_CLIENTS,
                1,
                BUFFER_BYTES,
                BUFFER_BYTES,
                0,
                OwnerOnly.attributes());
        if (ours == Kernel32.INVALID_HANDLE_VALUE) {
            throw SystemCallException.last("CreateNamedPipeW(" + name + ")");
        }
        long childs = Kernel32.CreateFileW(name, childsAccess, 0, Handles.inheritable(), WinNT.OPEN_EXISTING, 0, 0);
        if (childs == Kernel32.INVALID_HANDLE_VALUE) {
            SystemCallException failure = SystemCallException.last("CreateFileW(" + name + ")");
            Kernel32.CloseHandle(ours);
            throw failure;
        }
        try {
            connect(ours, name);
        } catch (SystemCallException e) {
            Kernel32.CloseHandle(childs);
            throw e;
        }
        return new PipePair(ours, childs);
    }

    /**
     * The child's end is there already: this only takes note of it, and says so by an error of its own. On failure our end is closed: only
     * then is the memory surely not the system's any more.
     */
    private static void connect(long ours, WString name) throws SystemCallException {
        try (Memory overlapped = new Memory(32)) {
            overlapped.clear();
            if (Kernel32.ConnectNamedPipe(ours, Pointer.nativeValue(overlapped)) == 0
                    && Kernel32.lastError() != WindowsError.PIPE_CONNECTED) {
                SystemCallException failure = SystemCallException.last("ConnectNamedPipe(" + name + ")");
                Kernel32.CloseHandle(ours);
                throw failure;
            }
        }
    }
}
