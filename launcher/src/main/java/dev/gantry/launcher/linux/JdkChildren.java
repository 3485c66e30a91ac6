package dev.gantry.launcher.linux;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What java.lang.Process waits for at one moment. The threads that do it carry the number of the process while they wait, "process
 * reaper (pid 123)", stay for a minute afterwards, and serve the next one then: whether one did so in between shows in how often it
 * went to sleep. Any thread.
 *
 * @param pids the processes, each a child of ours or one whose end somebody wants to hear of
 * @param reapers the threads, and how often each has slept
 */
record JdkChildren(Set<Long> pids, Map<Long, String> reapers) {
    private static final String REAPER = "process reaper";
    private static final String WITH_PID = REAPER + " (pid ";
    private static final String SLEEPS = "\nvoluntary_ctxt_switches:";
    /** Threads that start while we count. */
    private static final int MORE = 32;

    static JdkChildren now(ProcFs proc) {
        Set<Long> pids = new HashSet<>();
        boolean any = false;
        for (String name : threadNames()) {
            any |= name.startsWith(REAPER);
            if (name.startsWith(WITH_PID) && name.endsWith(")")) {
                addNumber(name.substring(WITH_PID.length(), name.length() - 1), pids);
            }
        }
        return new JdkChildren(pids, any ? reapers(proc) : Map.of());
    }

    /** Whether there was none since then, neither a long-lived one nor one that came and went. */
    boolean noneSince(JdkChildren before) {
        if (!pids.isEmpty() || !before.pids.isEmpty()) {
            return false;
        }
        for (Map.Entry<Long, String> reaper : reapers.entrySet()) {
            if (!reaper.getValue().equals(before.reapers.get(reaper.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static String[] threadNames() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        Thread[] threads = new Thread[0];
        int count = 0;
        while (count == threads.length) {
            threads = new Thread[top.activeCount() + threads.length + MORE];
            count = top.enumerate(threads);
        }
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = threads[i].getName();
        }
        return names;
    }

    private static Map<Long, String> reapers(ProcFs proc) {
        Map<Long, String> found = new HashMap<>();
        for (long thread : proc.threads(proc.self()).numbers()) {
            if (proc.ofThread(thread, "comm").startsWith(REAPER)) {
                found.put(thread, sleeps(proc.ofThread(thread, "status")));
            }
        }
        return found;
    }

    private static String sleeps(String status) {
        int start = status.indexOf(SLEEPS);
        if (start < 0) {
            // Unreadable is as good as changed.
            return "unknown at " + System.nanoTime();
        }
        return status.substring(start, status.indexOf('\n', start + 1));
    }

    private static void addNumber(String text, Set<Long> pids) {
        try {
            pids.add(Long.valueOf(text));
        } catch (NumberFormatException e) {
            // Somebody else's thread with such a name: it says nothing.
        }
    }
}
