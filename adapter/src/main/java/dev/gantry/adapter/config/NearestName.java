package dev.gantry.adapter.config;

import dev.gantry.adapter.config.Attribute.Role;
import java.util.Locale;
import java.util.Optional;

/** Which attribute somebody meant: another adapter's word for it, else the smallest edit distance, case aside. */
public final class NearestName {
    private NearestName() {}

    static Optional<String> of(String unknown) {
        Optional<String> peers = ofPeers(unknown);
        if (peers.isPresent()) {
            return peers;
        }
        String wanted = unknown.toLowerCase(Locale.ROOT);
        int bound = Math.max(2, wanted.length() / 3);
        Optional<String> best = Optional.empty();
        for (Attribute attribute : Attributes.list()) {
            if (attribute.role() == Role.EDITOR) {
                continue;
            }
            String name = attribute.name().toLowerCase(Locale.ROOT);
            if (Math.abs(wanted.length() - name.length()) > bound) {
                // So many edits it takes at least. What is longer than any attribute costs nothing.
                continue;
            }
            int distance = distance(wanted, name);
            if (distance <= bound && distance < wanted.length()) {
                bound = distance - 1;
                best = Optional.of(attribute.name());
            }
        }
        return best;
    }

    /** Which of some other names somebody meant. */
    public static Optional<String> among(String unknown, Iterable<String> names) {
        String wanted = unknown.toLowerCase(Locale.ROOT);
        int bound = Math.max(2, wanted.length() / 3);
        Optional<String> best = Optional.empty();
        for (String name : names) {
            int distance = distance(wanted, name.toLowerCase(Locale.ROOT));
            if (distance <= bound && distance < wanted.length()) {
                bound = distance - 1;
                best = Optional.of(name);
            }
        }
        return best;
    }

    private static Optional<String> ofPeers(String unknown) {
        return switch (unknown) {
            case "runtimeExecutable" -> Optional.of("python");
            case "runtimeArgs" -> Optional.of("pythonArgs");
            case "killBehavior", "killMode" -> Optional.of("killTree");
            case "gracefulShutdown" -> Optional.of("stopLadder");
            case "terminal", "externalConsole" -> Optional.of("console");
            case "stdinFrom", "stdoutTo", "stderrTo" -> Optional.of("stdio");
            case "encoding" -> Optional.of("outputEncoding");
            case "outputMode", "outputCapture" -> Optional.of("redirectOutput");
            case "environment" -> Optional.of("env");
            case "workingDirectory" -> Optional.of("cwd");
            case "executable" -> Optional.of("program");
            default -> Optional.empty();
        };
    }

    /** How many insertions, deletions, replacements and swaps of neighbours lead from one to the other. */
    static int distance(String a, String b) {
        int[] older = new int[b.length() + 1];
        int[] old = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            old[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = old[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(old[j], row[j - 1]) + 1);
                boolean swap =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swap) {
                    row[j] = Math.min(row[j], older[j - 2] + 1);
                }
            }
            int[] free = older;
            older = old;
            old = row;
            row = free;
        }
        return old[b.length()];
    }
}
