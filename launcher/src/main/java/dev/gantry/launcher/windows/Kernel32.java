package dev.gantry.launcher.windows;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.Tlhelp32;
import com.sun.jna.platform.win32.WinBase;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * kernel32.dll, by JNA's direct mapping: names and meanings are those of Microsoft's documentation. Handles, addresses and sizes
 * are plain longs, a BOOL is an int. Structures are jna-platform's where it has them.
 *
 * <p>Any thread; the error number is the calling thread's, right after the call. Loading this class links all functions, so nobody
 * touches it before it is needed.
 */
final class Kernel32 {
    static final long INVALID_HANDLE_VALUE = -1;
    static final int INFINITE = -1;

    static {
        Native.register(Kernel32.class, "kernel32");
    }

    private Kernel32() {}

    /** A function that the system's thread pool calls when an object that is waited for is signalled. */
    interface WaitCallback extends Callback {
        void callback(Pointer context, byte timedOut);
    }

    /** A function that hears of console control events; whether it has handled one. */
    interface ConsoleHandler extends Callback {
        int callback(int event);
    }

    static native int CloseHandle(long handle);

    static native int DuplicateHandle(
            long sourceProcess, long source, long targetProcess, long target, int access, int inherit, int options);

    static native long GetCurrentProcess();

    static native long GetStdHandle(int which);

    static native int SetStdHandle(int which, long handle);

    static native int GetFileType(long file);

    static native long CreateNamedPipeW(
            WString name,
            int openMode,
            int pipeMode,
            int instances,
            int outBytes,
            int inBytes,
            int timeoutMillis,
            WinBase.@Nullable SECURITY_ATTRIBUTES security);

    static native int ConnectNamedPipe(long pipe, long overlapped);

    static native long CreateFileW(
            WString name,
            int access,
            int share,
            WinBase.@Nullable SECURITY_ATTRIBUTES security,
            int disposition,
            int flags,
            long template);

    static native int PeekNamedPipe(long pipe, long buffer, int bytes, long read, long available, long left);

    static native int ReadFile(long file, long buffer, int bytes, long read, long overlapped);

    static native int WriteFile(long file, long buffer, int bytes, long written, long overlapped);

    static native int SetEndOfFile(long file);

    static native long CreateEventW(long security, int manualReset, int signalled, long name);

    static native int CancelIoEx(long file, long overlapped);

    static native int GetOverlappedResult(long file, long overlapped, long transferred, int wait);

    static native int SetFileCompletionNotificationModes(long file, byte flags);

    static native long CreateIoCompletionPort(long file, long port, long key, int threads);

    static native int GetQueuedCompletionStatusEx(
            long port, long entries, int count, long removed, int timeoutMillis, int alertable);

    static native int PostQueuedCompletionStatus(long port, int bytes, long key, long overlapped);

    static native int CreateProcessW(
            WString program,
            long commandLine,
            long processSecurity,
            long threadSecurity,
            int inheritHandles,
            int flags,
            long environment,
            @Nullable WString directory,
            long startupInfo,
            WinBase.PROCESS_INFORMATION process);

    static native int InitializeProcThreadAttributeList(long list, int count, int flags, long bytes);

    static native int UpdateProcThreadAttribute(
            long list, int flags, long attribute, long value, long bytes, long previous, long returned);

    static native void DeleteProcThreadAttributeList(long list);

    static native long OpenProcess(int access, int inherit, int pid);

    static native int TerminateProcess(long process, int code);

    static native int GetExitCodeProcess(long process, long code);

    static native int WaitForSingleObject(long handle, int timeoutMillis);

    static native int RegisterWaitForSingleObject(
            long wait, long handle, WaitCallback callback, long context, int timeoutMillis, int flags);

    static native int UnregisterWaitEx(long wait, long event);

    static native int GetProcessTimes(long process, long created, long exited, long kernel, long user);

    static native int K32GetProcessMemoryInfo(long process, long counters, int bytes);

    static native long CreateToolhelp32Snapshot(int flags, int pid);

    static native int Process32FirstW(long snapshot, Tlhelp32.PROCESSENTRY32 entry);

    static native int Process32NextW(long snapshot, Tlhelp32.PROCESSENTRY32 entry);

    static native long CreateJobObjectW(long security, long name);

    static native int SetInformationJobObject(long job, int kind, long information, int bytes);

    static native int QueryInformationJobObject(long job, int kind, long information, int bytes, long returned);

    static native int IsProcessInJob(long process, long job, long result);

    static native int TerminateJobObject(long job, int code);

    static native int SetConsoleCtrlHandler(@Nullable ConsoleHandler handler, int add);

    static native int GenerateConsoleCtrlEvent(int event, int group);

    static native int AttachConsole(int pid);

    static native int FreeConsole();

    static native int GetConsoleMode(long handle, long mode);

    static native int GetConsoleProcessList(long pids, int count);

    /** The error number of this thread's last call. */
    static int lastError() {
        return Native.getLastError();
    }

    /** Where a direct buffer's content begins (its index 0, not its position). Valid while the buffer is reachable. */
    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }
}
