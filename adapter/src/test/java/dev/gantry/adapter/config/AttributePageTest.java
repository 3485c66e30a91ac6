package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttributePageTest {
    private static final Path PAGE =
            Path.of(System.getProperty("gantry.root", "..")).resolve("docs").resolve("launch-attributes.md");

    @Test
    void thePageSaysWhatTheModelSays() throws IOException {
        String page = AttributePage.markdown();
        if (Boolean.getBoolean("gantry.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("stale: mvn -pl adapter -am test -Dtest=AttributePageTest -Dgantry.write=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false writes it anew")
                .hasContent(page);
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
        }
    }
}
