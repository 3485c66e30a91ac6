package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Tlhelp32;
import com.sun.jna.platform.win32.WinDef;
import com.sun.jna.platform.win32.WinNT;
import dev.gantry.launcher.ProcessInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the system tells of live processes. Stateless; any thread. */
final class ProcessTable {
    private static final char NO_SUCH_LETTER = '?';

    /** The system's own, which ends with the last program on the console. */
    private static final String CONSOLE_HOST = "conhost.exe";

    private static final int SNAP_PROCESSES = 0x00000002;
    private static final int SYNCHRONIZE = 0x00100000;
    private static final int LONGEST_COMMAND = 4096;

    private ProcessTable() {}

    /**
     * Those of these processes that live, the given one first, then by parentage.
     *
     * @param first the root of the tree
     */
    static List<ProcessInfo> of(Collection<Long> pids, long first) {
        if (pids.isEmpty()) {
            return List.of();
        }
        Set<Long> wanted = new HashSet<>(pids);
        List<ProcessInfo> found = new ArrayList<>();
        for (Entry entry : entries()) {
            if (wanted.contains(entry.pid) && !entry.image.equalsIgnoreCase(CONSOLE_HOST)) {
                describe(entry, found);
            }
        }
        found.sort((a, b) -> {
            int byRoot = Boolean.compare(b.pid() == first, a.pid() == first);
            return byRoot != 0 ? byRoot : Long.compare(a.startTime(), b.startTime());
        });
        return found;
    }

    private record Entry(long pid, long parentPid, String image) {}

    private static List<Entry> entries() {
        long snapshot = Kernel32.CreateToolhelp32Snapshot(SNAP_PROCESSES, 0);
        if (snapshot == Kernel32.INVALID_HANDLE_VALUE) {
            return List.of();
        }
        try {
            List<Entry> entries = new ArrayList<>();
            Tlhelp32.PROCESSENTRY32 entry = new Tlhelp32.PROCESSENTRY32();
            entry.dwSize = new WinDef.DWORD(entry.size());
            for (int more = Kernel32.Process32FirstW(snapshot, entry);
                    more != 0;
                    more = Kernel32.Process32NextW(snapshot, entry)) {
                entries.add(new Entry(
                        entry.th32ProcessID.longValue(),
                        entry.th32ParentProcessID.longValue(),
                        Native.toString(entry.szExeFile)));
            }
            return entries;
        } finally {
            Kernel32.CloseHandle(snapshot);
        }
    }

    private static void describe(Entry entry, List<ProcessInfo> found) {
        long process = Kernel32.OpenProcess(WinNT.PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, 0, (int) entry.pid);
        if (process == 0) {
            return;
        }
        try {
            if (Kernel32.WaitForSingleObject(process, 0) == WindowsError.WAIT_TIMEOUT) {
                Times times = Times.of(process);
                String command = CommandLines.of(process).orElse("[" + entry.image + "]");
                found.add(new ProcessInfo(
                        entry.pid,
                        entry.parentPid,
                        times.created(),
                        NO_SUCH_LETTER,
                        command.substring(0, Math.min(command.length(), LONGEST_COMMAND)),
                        residentBytes(process, false),
                        times.user().plus(times.kernel())));
            }
        } finally {
            Kernel32.CloseHandle(process);
        }
    }

    /**
     * What is resident, or the most that ever was; 0 if the system does not tell.
     *
     * @param peak of the two, the most
     */
    static long residentBytes(long process, boolean peak) {
        // PROCESS_MEMORY_COUNTERS: its size, page faults, the peak of the working set, the working set, ...
        try (Memory counters = new Memory(72)) {
            counters.clear();
            counters.setInt(0, (int) counters.size());
            int told = Kernel32.K32GetProcessMemoryInfo(process, Pointer.nativeValue(counters), (int) counters.size());
            return told == 0 ? 0 : counters.getLong(peak ? 8 : 16);
        }
    }

    /**
     * When a process was made, in units of 100 ns since 1601, and the CPU time that it took.
     *
     * @param created with its number, its identity
     */
    record Times(long created, Duration kernel, Duration user) {
        static Times of(long process) {
            try (Memory times = new Memory(32)) {
                times.clear();
                long at = Pointer.nativeValue(times);
                Kernel32.GetProcessTimes(process, at, at + 8, at + 16, at + 24);
                return new Times(times.getLong(0), duration(times.getLong(16)), duration(times.getLong(24)));
            }
        }

        private static Duration duration(long hundredNanos) {
            return Duration.ofNanos(hundredNanos * 100);
        }
    }
}
