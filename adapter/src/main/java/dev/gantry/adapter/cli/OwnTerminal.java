package dev.gantry.adapter.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal that this process belongs to, and whether it has the say there: what a shell calls the foreground. Only Linux tells;
 * elsewhere there is none. Stateless.
 */
final class OwnTerminal {
    private static final Path DEVICE = Path.of("/dev/tty");
    /** The number of {@link #DEVICE}, which stands for every process's own. */
    private static final long ANY = 5 << 8;

    /**
     * Who has the terminal, from /proc/self/stat.
     *
     * @param group our process group
     * @param terminal the number of our terminal, 0 without one
     * @param foreground the process group that has it now; -1 if it is gone
     */
    record Say(long group, long terminal, long foreground) {
        static Optional<Say> parse(String stat) {
            // The second field, a name in parentheses, may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +", -1);
            return fields.length < 6
                    ? Optional.empty()
                    : Optional.of(
                            new Say(Long.parseLong(fields[2]), Long.parseLong(fields[4]), Long.parseLong(fields[5])));
        }

        boolean isElsewhere() {
            return terminal != 0 && foreground > 0 && foreground != group;
        }
    }

    /** In characters. */
    record Size(int columns, int rows) {
        /** As stty(1) says it: rows first. */
        static Optional<Size> parse(String text) {
            Matcher numbers = Pattern.compile("(\\d{1,5}) (\\d{1,5})").matcher(text);
            return numbers.matches()
                    ? Optional.of(new Size(Integer.parseInt(numbers.group(2)), Integer.parseInt(numbers.group(1))))
                            .filter(size -> size.columns() > 0 && size.rows() > 0)
                    : Optional.empty();
        }

        JsonObject toJson() {
            JsonObject object = new JsonObject();
            object.addProperty("columns", columns);
            object.addProperty("rows", rows);
            return object;
        }
    }

    private OwnTerminal() {}

    /** Whether our standard input is that terminal. */
    static boolean isInput() {
        try {
            return isTerminal(0)
                    && say().isPresent()
                    && Files.getAttribute(Path.of("/proc/self/fd/0"), "unix:rdev") instanceof Long number
                    && (number == ANY || number == say().get().terminal());
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }

    /** Whether another process group has the say, so that the terminal's input is not for us. */
    static boolean isInBackground() {
        return say().filter(Say::isElsewhere).isPresent();
    }

    private static Optional<Say> say() {
        return Probe.read("/proc/self/stat").flatMap(Say::parse);
    }

    /** Whether one of our descriptors is any terminal. */
    static boolean isTerminal(int descriptor) {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }

    /** Its size; empty if it has none, or stty(1) is missing. */
    static Optional<Size> size() {
        return stty("size").flatMap(Size::parse);
    }

    /** What stty(1) says of our terminal when told so; empty if it fails. */
    static Optional<String> stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        return Probe.run(command, DEVICE);
    }
}
