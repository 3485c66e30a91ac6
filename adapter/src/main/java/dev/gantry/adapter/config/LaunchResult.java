package dev.gantry.adapter.config;

import java.util.ArrayList;
import java.util.List;

/** What became of launch arguments. */
public sealed interface LaunchResult {
    /**
     * They are sound.
     *
     * @param warnings for people, one line each
     */
    record Accepted(LaunchPlan plan, List<String> warnings) implements LaunchResult {
        public Accepted {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * They are not.
     *
     * @param problems all that was found, at least one
     * @param unknown what is said of attributes that are not known: one of them may be the one that is missing
     */
    record Refused(List<Problem> problems, List<String> unknown) implements LaunchResult {
        public Refused {
            problems = List.copyOf(problems);
            unknown = List.copyOf(unknown);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("refused without a problem");
            }
        }

        /** All problems for people: the first at the head, the others a line each after it. */
        public String message() {
            List<String> lines = new ArrayList<>();
            for (Problem problem : problems) {
                lines.add(problem.message());
            }
            lines.addAll(unknown);
            StringBuilder text = new StringBuilder(lines.get(0));
            for (int i = 1; i < lines.size(); i++) {
                text.append(i == 1 ? "\nAlso:\n- " : "\n- ").append(lines.get(i));
            }
            return text.toString();
        }
    }
}
