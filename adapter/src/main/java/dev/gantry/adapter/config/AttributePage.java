package dev.gantry.adapter.config;

import dev.gantry.adapter.config.Attribute.Group;
import dev.gantry.adapter.config.Attribute.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The documentation page of the launch attributes, made from {@link Attributes}. Pure. */
final class AttributePage {
    private static final String NOT_YET = "Not yet";
    private static final String WITHOUT_EFFECT = "Accepted without an effect";
    private static final String ENV_FILES = """

            ### Env files

            A line is `NAME=value`, with `export` before it if you like; empty lines and lines that start with `#` are skipped.

            - `'single quotes'` keep everything as it is, line ends included.
            - `"double quotes"` know `\\n`, `\\r`, `\\t`, `\\\\`, `\\"`, `\\$`, `` \\` `` and `${...}`; a backslash before a line's end joins
              lines.
            - A bare value ends at the line's end or at a `#` after a blank; blanks around it are removed. It knows `\\\\`, `\\$`,
              `\\#`, `\\"`, `\\'`, an escaped blank, and `${...}`.
            - `${NAME}` is looked up in earlier lines (of earlier files too), then in `env`, then in the adapter's
              environment. `${NAME:-text}` is `text` where NAME is unset or empty. A name that is not set is empty, with a warning.
              `$NAME` without braces is left as it is.

            A file that is missing or cannot be read is a warning, and the launch goes on; so is a line that cannot be read, told by
            file and line.
            """;

    private AttributePage() {}

    static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Launch attributes

                This page is generated from `dev.gantry.adapter.config.Attributes`, as is what VS Code checks a launch.json by; a test
                says how when one of them is stale.

                null means the same as leaving the attribute out. A wrong value refuses the launch, with every fault named; an
                unknown attribute is ignored with a warning. Examples have VS Code's variables (`${file}`): the editor puts in
                what they stand for, and Gantry never sees them. What a configuration for debugpy becomes:
                [coming from debugpy](coming-from-debugpy.md).

                """);
        for (Group group : Group.values()) {
            if (group != Group.NONE) {
                page.append("- ").append(link(group.title())).append(": ");
                page.append(String.join(", ", links(group))).append('\n');
            }
        }
        page.append("- ")
                .append(link(NOT_YET))
                .append(", ")
                .append(link(WITHOUT_EFFECT))
                .append('\n');
        for (Group group : Group.values()) {
            if (group != Group.NONE) {
                addGroup(page, group);
            }
        }
        addAccepted(page);
        page.append("\n## Ignored: what editors add for themselves\n\n");
        page.append(String.join(", ", editorKeys()));
        return page.append(", and all that start with `__`.\n").toString();
    }

    /** GitHub's name for a heading's place. */
    private static String link(String heading) {
        return "[" + heading + "](#"
                + heading.toLowerCase(Locale.ROOT).replace(' ', '-').replaceAll("[^a-z-]", "") + ")";
    }

    private static List<String> links(Group group) {
        List<String> links = new ArrayList<>();
        for (Attribute attribute : Attributes.list()) {
            if (attribute.notes().group() == group) {
                links.add("[`" + attribute.name() + "`](#" + attribute.name().toLowerCase(Locale.ROOT) + ")");
            }
        }
        return links;
    }

    private static void addGroup(StringBuilder page, Group group) {
        page.append("\n## ").append(group.title()).append('\n');
        for (Attribute attribute : Attributes.list()) {
            if (attribute.notes().group() == group) {
                addOne(page, attribute);
            }
        }
        if (group == Group.SURROUNDINGS) {
            page.append(ENV_FILES);
        }
    }

    private static void addOne(StringBuilder page, Attribute attribute) {
        Attribute.Notes notes = attribute.notes();
        page.append("\n### `").append(attribute.name()).append("`\n\n");
        page.append(attribute.meaning()).append("\n\n");
        page.append("- allowed: ").append(attribute.allowed()).append('\n');
        if (!attribute.standard().isEmpty()) {
            page.append("- default: ").append(attribute.standard()).append('\n');
        }
        page.append("- for: ").append(notes.use().words()).append('\n');
        if (!notes.debugpy().isEmpty()) {
            page.append("- in debugpy: ").append(notes.debugpy()).append('\n');
        }
        if (!notes.example().isEmpty()) {
            page.append("- example: `\"").append(attribute.name()).append("\": ");
            page.append(notes.example()).append("`\n");
        }
    }

    private static void addAccepted(StringBuilder page) {
        page.append("\n## ").append(NOT_YET).append("\n\n");
        page.append(
                "Accepted, so that a configuration need not be changed. A value that asks for something is a warning, one line"
                        + " for all of them; false,\nempty and default values are silent, and so is what only a debugger does where"
                        + " `noDebug` is true.\n\n");
        page.append("| attribute | not yet |\n|---|---|\n");
        addRows(page, "", Role.NOT_YET, Role.DEBUGGING);
        page.append("\n## ").append(WITHOUT_EFFECT).append("\n\n");
        page.append("| attribute | why |\n|---|---|\n");
        addRows(page, "use instead: ", Role.REPLACED);
        addRows(page, "", Role.ATTACH, Role.FOREIGN);
    }

    private static void addRows(StringBuilder page, String before, Role... roles) {
        for (Attribute attribute : Attributes.list()) {
            if (List.of(roles).contains(attribute.role())) {
                page.append("| `").append(attribute.name()).append("` | ");
                page.append(before).append(cell(attribute.meaning())).append(" |\n");
            }
        }
    }

    private static List<String> editorKeys() {
        List<String> keys = new ArrayList<>();
        for (Attribute attribute : Attributes.list()) {
            if (attribute.role() == Role.EDITOR) {
                keys.add("`" + attribute.name() + "`");
            }
        }
        return keys;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
