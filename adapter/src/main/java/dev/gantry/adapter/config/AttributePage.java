package dev.gantry.adapter.config;

import dev.gantry.adapter.config.Attribute.Role;

/** The documentation page of the launch attributes, made from {@link Attributes}. Pure. */
final class AttributePage {
    private static final String ENV_FILES = """

            ## Env files

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

                This page is generated from `dev.gantry.adapter.config.Attributes`; a test says how when it is stale.

                null means the same as leaving the attribute out. A wrong value refuses the launch, with every fault named; an
                unknown attribute is ignored with a warning.

                | attribute | allowed | default | meaning |
                |---|---|---|---|
                """);
        for (Attribute attribute : Attributes.list()) {
            if (attribute.role() == Role.SUPPORTED) {
                page.append("| `").append(attribute.name()).append("` | ");
                page.append(cell(attribute.allowed())).append(" | ");
                page.append(cell(attribute.standard())).append(" | ");
                page.append(cell(attribute.meaning())).append(" |\n");
            }
        }
        page.append(ENV_FILES);
        page.append("\n## Accepted without an effect so far\n\n");
        page.append(
                "A value that asks for something is a warning, one line for all of them; false, empty and default values are"
                        + " silent,\nand so is what only a debugger does where `noDebug` is true.\n\n");
        page.append("| attribute | meaning |\n|---|---|\n");
        for (Attribute attribute : Attributes.list()) {
            if (attribute.role() != Role.SUPPORTED && attribute.role() != Role.EDITOR) {
                page.append("| `").append(attribute.name()).append("` | ");
                page.append(attribute.role() == Role.REPLACED ? "use instead: " : "");
                page.append(cell(attribute.meaning())).append(" |\n");
            }
        }
        page.append("\n## Ignored: what editors add for themselves\n\n");
        page.append(editorKeys());
        return page.append(", and all that start with `__`.\n").toString();
    }

    private static String editorKeys() {
        StringBuilder keys = new StringBuilder();
        for (Attribute attribute : Attributes.list()) {
            if (attribute.role() == Role.EDITOR) {
                keys.append(keys.length() == 0 ? "`" : ", `")
                        .append(attribute.name())
                        .append('`');
            }
        }
        return keys.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
