package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributePageTest {
    private static final Path ROOT = Path.of(System.getProperty("gantry.root", ".."));
    private static final Path PAGE = ROOT.resolve("docs").resolve("launch-attributes.md");
    private static final String COMMAND = "mvn -pl adapter -am test -Dtest='Attribute*Test' -Dgantry.write=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false";

    /** For the page and for the schema: one command writes both. */
    static final String STALE = "stale; this writes it anew: " + COMMAND;

    @Test
    void thePageSaysWhatTheModelSays() throws IOException {
        String page = AttributePage.markdown();
        if (Boolean.getBoolean("gantry.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as(STALE).hasContent(page);
    }

    @Test
    void theCommandIsTheOneThatContributorsAreTold() throws IOException {
        assertThat(ROOT.resolve("CONTRIBUTING.md")).content().contains("\n" + COMMAND + "\n");
    }

    @Test
    void everyAttributeHasOneEntryAndSaysWhatItIs() {
        Set<String> names = new HashSet<>();
        for (Attribute attribute : Attributes.list()) {
            assertThat(names.add(attribute.name())).as(attribute.name()).isTrue();
            assertThat(attribute.meaning()).as(attribute.name()).isNotBlank();
            if (attribute.role() == Attribute.Role.SUPPORTED) {
                assertThat(attribute.allowed()).as(attribute.name()).isNotBlank();
            }
            assertThat(attribute.notes().group() == Attribute.Group.NONE)
                    .as(attribute.name() + " is in a group if it has an effect")
                    .isEqualTo(attribute.role() != Attribute.Role.SUPPORTED);
        }
    }
}
