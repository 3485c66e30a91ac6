package dev.gantry.adapter.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** docs/clients.md, made of the conversations and of the rows of the tests. Stateless. */
final class ClientPage {
    static final Path ROOT = Path.of(System.getProperty("gantry.root", ".."));

    private static final String TOP = """
            # Clients

            What the clients of the Debug Adapter Protocol depend on, and the test that keeps each of it, in the ordinary test suite and without a
            client installed. How a client holds its sessions is written down in
            [conversations](../adapter/src/test/resources/dev/gantry/adapter/conformance/README.md), which are replayed against the
            real adapter; most of the other tests ask something of all that was said in them. How to set an editor up:
            [editors](editors.md). This page is made of the tests: `ClientPageTest` writes it.

            ## Conversations

            | client | what it does | programs | file |
            |---|---|---|---|
            """;

    private static final String PACKAGE = ClientPage.class.getPackageName();

    private ClientPage() {}

    static String markdown() {
        StringBuilder page = new StringBuilder(TOP);
        for (Conversation conversation : Conversation.all()) {
            String programs =
                    conversation.programs().stream().map(Object::toString).collect(Collectors.joining(", "));
            page.append(
                    line(conversation.client(), conversation.about(), programs, "`" + conversation.name() + ".jsonl`"));
        }
        page.append("\nAll of them are cases of `ConversationsTest`.\n");
        section(page, "What a client can lose", ClientGridTest.class);
        section(page, "What clients take either way", ClientToleranceTest.class);
        section(page, "What all are owed", ClientRulesTest.class);
        page.append(line(
                "an adapter that cannot start",
                "VS Code shows nothing when its process ends at once",
                "what keeps Java from starting, as a missing build, is answered to `initialize`",
                "`" + Elsewhere.CLASS + "." + Elsewhere.METHOD + "`"));
        return page.toString();
    }

    /** A row whose test is beside what it is about. */
    static final class Elsewhere {
        static final String PACKAGE = "dev.gantry.adapter.cli";
        static final String CLASS = "EntryScriptTest";
        static final String METHOD = "aClientThatWaitsHearsWhyNothingStarts";

        private Elsewhere() {}
    }

    private static void section(StringBuilder page, String title, Class<?> tests) {
        page.append("\n## ")
                .append(title)
                .append("\n\n| what | clients | what Gantry does | test |\n|---|---|---|---|\n");
        for (Method method : rows(tests)) {
            Row row = method.getAnnotation(Row.class);
            page.append(line(
                    row.value(),
                    row.clients(),
                    row.ours(),
                    "`" + tests.getSimpleName() + "." + method.getName() + "`"));
        }
    }

    private static String line(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** In the order of the source. */
    static List<Method> rows(Class<?> tests) {
        String source = source(tests);
        return Stream.of(tests.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Row.class))
                .sorted(Comparator.comparing(method -> source.indexOf("void " + method.getName() + "(")))
                .toList();
    }

    private static String source(Class<?> tests) {
        Path file = ROOT.resolve("adapter/src/test/java")
                .resolve(PACKAGE.replace('.', '/'))
                .resolve(tests.getSimpleName() + ".java");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
