package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Platform;
import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which process backends there are, which one is used, and what it can do. */
final class BackendFindings {
    private BackendFindings() {}

    /**
     * @param backends all of them, best first
     * @param platform this machine's: what is made for another kind of system, or what Windows cannot have, is not less than there could be
     */
    static List<Finding> of(List<Backend> backends, Platform platform) {
        List<Finding> findings = new ArrayList<>();
        Optional<Backend> used = backends.stream()
                .filter(backend -> backend.unavailableBecause().isEmpty())
                .findFirst();
        for (Backend backend : backends) {
            if (used.filter(backend::equals).isPresent()) {
                findings.add(Finding.ok("Processes", backend.name(), "used"));
            } else {
                findings.add(backend.unavailableBecause()
                        .map(why -> isElsewhere(backend, platform)
                                ? Finding.ok("Processes", backend.name(), "not used: " + why)
                                : Finding.limited("Processes", backend.name(), "not used", why))
                        .orElseGet(() -> Finding.ok("Processes", backend.name(), "works, but there is a better one")));
            }
        }
        if (used.isEmpty()) {
            findings.add(Finding.broken(
                    "Processes", "backend", "none works here", "No program can be started; see the reasons above."));
        }
        Set<Capability> possible = platform == Platform.WINDOWS
                ? backends.stream()
                        .filter(backend -> !isElsewhere(backend, platform))
                        .flatMap(backend -> backend.capabilities().stream())
                        .collect(Collectors.toSet())
                : EnumSet.allOf(Capability.class);
        used.ifPresent(backend -> addCapabilities(findings, backend, possible));
        return findings;
    }

    private static boolean isElsewhere(Backend backend, Platform platform) {
        return backend.name().equals(platform == Platform.WINDOWS ? "linux" : "windows");
    }

    private static void addCapabilities(List<Finding> findings, Backend backend, Set<Capability> possible) {
        for (Capability capability : Arrays.asList(Capability.values())) {
            String name = capability.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            findings.add(
                    backend.capabilities().contains(capability)
                            ? Finding.ok("Capabilities", name, "yes")
                            : possible.contains(capability)
                                    ? Finding.limited("Capabilities", name, "no", "")
                                    : Finding.ok("Capabilities", name, "no, nowhere on Windows"));
        }
    }
}
