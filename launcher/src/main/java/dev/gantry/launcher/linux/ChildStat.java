package dev.gantry.launcher.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What /proc/PID/stat tells of a process.
 *
 * @param group its process group
 * @param startTime clock ticks since boot
 */
record ChildStat(char state, long parentPid, long group, Duration userTime, Duration systemTime, long startTime) {
    /** USER_HZ: 100 on all supported machines. */
    private static final long MILLIS_PER_TICK = 10;

    static Optional<ChildStat> read(long pid) {
        try {
            return Optional.of(parse(Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            // It is gone, or there is no /proc: either way nothing is known.
            return Optional.empty();
        }
    }

    /** The name in brackets may hold anything, brackets too: fields count from the last one. */
    static ChildStat parse(String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return new ChildStat(
                fields[0].charAt(0),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                ticks(fields[11]),
                ticks(fields[12]),
                Long.parseLong(fields[19]));
    }

    /** The most memory that a live process ever had resident since its exec, in bytes. */
    static OptionalLong peakResidentBytes(String pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("VmHWM:")) {
                    String kib = line.substring("VmHWM:".length()).strip().split(" ", -1)[0];
                    return OptionalLong.of(Long.parseLong(kib) * 1024);
                }
            }
        } catch (IOException e) {
            // Gone: nothing more is known.
        }
        return OptionalLong.empty();
    }

    private static Duration ticks(String field) {
        return Duration.ofMillis(Long.parseLong(field) * MILLIS_PER_TICK);
    }
}
