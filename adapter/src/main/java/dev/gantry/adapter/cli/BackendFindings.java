package dev.gantry.adapter.cli;

import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Capability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which process backends there are, which one is used, and what it can do. */
final class BackendFindings {
    private BackendFindings() {}

    /**
     * @param backends all of them, best first
     */
    static List<Finding> of(List<Backend> backends) {
        List<Finding> findings = new ArrayList<>();
        Optional<Backend> used = backends.stream()
                .filter(backend -> backend.unavailableBecause().isEmpty())
                .findFirst();
        for (Backend backend : backends) {
            if (used.filter(backend::equals).isPresent()) {
                findings.add(Finding.ok("Processes", backend.name(), "used"));
            } else {
                findings.add(backend.unavailableBecause()
                        .map(why -> Finding.limited("Processes", backend.name(), "not used", why))
                        .orElseGet(() -> Finding.ok("Processes", backend.name(), "works, but there is a better one")));
            }
        }
        if (used.isEmpty()) {
            findings.add(Finding.broken(
                    "Processes", "backend", "none works here", "No program can be started; see the reasons above."));
        }
        used.ifPresent(backend -> addCapabilities(findings, backend));
        return findings;
    }

    private static void addCapabilities(List<Finding> findings, Backend backend) {
        for (Capability capability : Arrays.asList(Capability.values())) {
            String name = capability.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            findings.add(
                    backend.capabilities().contains(capability)
                            ? Finding.ok("Capabilities", name, "yes")
                            : Finding.limited("Capabilities", name, "no", ""));
        }
    }
}
