package dev.gantry.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every link from one of our pages to another leads to a file, and to a heading of it. */
class DocumentationLinksTest {
    private static final Path ROOT =
            Path.of(System.getProperty("gantry.root", "..")).toAbsolutePath().normalize();
    /** Where nothing of ours is: what is built, installed and checked out. */
    private static final Set<String> FOREIGN = Set.of("target", "node_modules", ".git", ".m2");

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        addPages(ROOT, pages);
        return pages;
    }

    private static void addPages(Path directory, List<Path> pages) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                String name = Objects.requireNonNull(entry.getFileName()).toString();
                if (Files.isDirectory(entry) && !Files.isSymbolicLink(entry) && !FOREIGN.contains(name)) {
                    addPages(entry, pages);
                } else if (name.endsWith(".md")) {
                    pages.add(entry);
                }
            }
        }
    }

    private static String withoutBlocks(Path page) throws IOException {
        return FENCE.matcher(Files.readString(page)).replaceAll("");
    }

    /** The names that GitHub gives to the headings of a page; a second one of a name has a number. */
    private static Set<String> places(Path page) throws IOException {
        Set<String> places = new HashSet<>();
        Map<String, Integer> times = new HashMap<>();
        for (MatchResult heading :
                HEADING.matcher(withoutBlocks(page)).results().toList()) {
            String place = place(heading.group(1));
            int before = times.merge(place, 1, Integer::sum) - 1;
            places.add(before == 0 ? place : place + "-" + before);
        }
        return places;
    }

    private static String place(String heading) {
        return heading.replaceAll("]\\([^)]*\\)", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Typing into the program | typing-into-the-program",
                "`stopLadder` | stopladder",
                "Neovim, Vim, Emacs | neovim-vim-emacs",
                "It's [here](there.md#x): 3.8 – 3.10 | its-here-38--310",
            })
    void aHeadingsPlace(String heading, String place) {
        assertThat(place(heading)).isEqualTo(place);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            String text = CODE.matcher(withoutBlocks(page)).replaceAll("");
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                if (!ELSEWHERE.matcher(link.group(1)).matches()) {
                    links++;
                    if (!leadsSomewhere(page, link.group(1))) {
                        dead.add(ROOT.relativize(page) + ": " + link.group(1));
                    }
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(links).as("links that were looked at").isGreaterThan(100);
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!target.startsWith(ROOT) || !Files.exists(target)) {
            return false;
        }
        return hash < 0 || (Files.isRegularFile(target) && places(target).contains(link.substring(hash + 1)));
    }

    /** Who starts at the README finds every page about using Gantry in one step. */
    @Test
    void everyPageIsNamedInTheReadme() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(readme).contains("](docs/" + file.getFileName());
            }
        }
    }
}
