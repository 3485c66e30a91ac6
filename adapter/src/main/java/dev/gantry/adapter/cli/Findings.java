package dev.gantry.adapter.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What {@code gantry doctor} has found out so far. A check that fails is a finding like others: there is no machine it dies on. */
final class Findings {
    private final List<Finding> all = new ArrayList<>();

    void add(String area, String name, Supplier<Finding> check) {
        addAll(area, name, Finding.Verdict.LIMITED, () -> List.of(check.get()));
    }

    /**
     * What belongs together, and is lost together.
     *
     * @param without how bad it is not to know
     */
    void addAll(String area, String name, Finding.Verdict without, Supplier<List<Finding>> check) {
        try {
            all.addAll(check.get());
        } catch (RuntimeException | LinkageError failed) {
            String why = Optional.ofNullable(failed.getMessage()).orElseGet(failed::toString);
            all.add(new Finding(area, name, without, "cannot be told", "The check failed: " + why));
        }
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}
