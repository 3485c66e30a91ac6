package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildEnvironmentTest {
    private static final ChildEnvironment BASE =
            ChildEnvironment.parse("PATH=/bin\0EMPTY=\0A=1\0=odd\0".getBytes(StandardCharsets.UTF_8));

    private static List<String> texts(ChildEnvironment environment) {
        return environment.entries().stream()
                .map(entry -> new String(entry, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aValueSetsInPlaceAndANewOneComesLast() {
        assertThat(texts(BASE.with(Map.of("A", "two=2")))).containsExactly("PATH=/bin", "EMPTY=", "A=two=2", "=odd");
        assertThat(texts(BASE.with(Map.of("B", "")))).containsExactly("PATH=/bin", "EMPTY=", "A=1", "=odd", "B=");
    }

    @Test
    void nullRemovesAndRemovingWhatIsNotThereIsNothing() {
        assertThat(texts(BASE.with(Collections.singletonMap("EMPTY", null))))
                .containsExactly("PATH=/bin", "A=1", "=odd");
        assertThat(texts(BASE.with(Collections.singletonMap("EMPT", null)))).isEqualTo(texts(BASE));
    }

    @Test
    void bytesThatAreNoTextPassThrough() {
        byte[] block = {'X', '=', (byte) 0xFF, (byte) 0xC3, 0};
        ChildEnvironment changed = ChildEnvironment.parse(block).with(Map.of("Y", "é"));
        assertThat(changed.entries().get(0)).isEqualTo(Arrays.copyOf(block, 4));
        assertThat(changed.entries().get(1)).isEqualTo("Y=é".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aVariableIsFoundByItsWholeName() {
        assertThat(BASE.get("PATH")).contains("/bin");
        assertThat(BASE.get("EMPTY")).contains("");
        assertThat(BASE.get("PAT")).isEmpty();
        assertThat(BASE.get("PATH2")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "A\0"})
    void aNameThatCannotBePassedIsRefused(String name) {
        assertThatThrownBy(() -> BASE.with(Map.of(name, "x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aValueWithNulIsRefused() {
        assertThatThrownBy(() -> BASE.with(Map.of("A", "x\0y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A");
    }
}
