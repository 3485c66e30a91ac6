package dev.gantry.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page shows in italics as Gantry's own words is in the sources: who searches for a message finds it. */
class QuotedMessagesTest {
    private static final Path ROOT = Path.of(System.getProperty("gantry.root", ".."));
    private static final List<String> SOURCES =
            List.of("adapter/src/main/java", "adapter/src/main/python", "launcher/src/main/java");

    private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```$|`[^`\n]*`");
    private static final Pattern ITALICS = Pattern.compile("(?<![\\w*])\\*(?![*\\s])([^*]+?)\\*(?!\\w)");
    /** What stands for something else in a message, and what a message is put together at. */
    private static final Pattern PLACES = Pattern.compile("…|'[^']*'|\"[^\"]*\"|\\d+|[;:.,()]");
    /** A literal that goes on in the next one. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+?\\s*f?\"");

    /** Literals, which stay, and comments. */
    private static final Pattern JAVA =
            Pattern.compile("(?s)(\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])')|//[^\n]*|/\\*.*?\\*/");

    private static final Pattern PYTHON =
            Pattern.compile("(?ms)^ *\"\"\".*?\"\"\"|(\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])*')|#[^\n]*");

    private static final int SHORTEST = 8;

    private static String sources() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String directory : SOURCES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(directory))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (file.toString().endsWith(".java")) {
                        text.append(withoutComments(JAVA, Files.readString(file)));
                    } else if (file.toString().endsWith(".py")) {
                        text.append(withoutComments(PYTHON, Files.readString(file)));
                    }
                }
            }
        }
        // The names of commands and settings in VS Code.
        text.append(Files.readString(ROOT.resolve("extension/package.json")));
        return JOINT.matcher(text.append(Files.readString(ROOT.resolve("gantry"))))
                .replaceAll("");
    }

    private static String withoutComments(Pattern pattern, String source) {
        return pattern.matcher(source)
                .replaceAll(found -> found.group(1) == null ? "" : Matcher.quoteReplacement(found.group(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"troubleshooting.md", "containers-and-ssh.md"})
    void theyAreInTheSources(String name) throws IOException {
        String page = Files.readString(ROOT.resolve("docs").resolve(name));
        String text = CODE.matcher(page).replaceAll("''").replace("**", "");
        String sources = sources();
        List<String> missing = new ArrayList<>();
        int parts = 0;
        for (MatchResult quote : ITALICS.matcher(text).results().toList()) {
            for (String place : PLACES.split(quote.group(1).replaceAll("\\s+", " "), -1)) {
                String part = place.strip();
                if (part.length() >= SHORTEST) {
                    parts++;
                    if (!sources.contains(part)) {
                        missing.add(part);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(parts).as("parts that were looked for").isGreaterThan(2);
    }
}
