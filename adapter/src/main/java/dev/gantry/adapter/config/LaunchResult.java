package dev.gantry.adapter.config;

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
     */
    record Refused(List<Problem> problems) implements LaunchResult {
        public Refused {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("refused without a problem");
            }
        }

        /** All problems for people: the first at the head, the others a line each after it. */
        public String message() {
            StringBuilder text = new StringBuilder(problems.get(0).message());
            for (int i = 1; i < problems.size(); i++) {
                text.append(i == 1 ? "\nAlso:\n- " : "\n- ")
                        .append(problems.get(i).message());
            }
            return text.toString();
        }
    }
}
