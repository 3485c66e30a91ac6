package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class HostTest {
    private static Host host(Map<String, String> environment, String property, String value) {
        Properties properties = new Properties();
        properties.setProperty(property, value);
        return Host.of(environment, properties, Path.of("/"));
    }

    @Test
    void aVariableThatTheScriptSetIsRemovedFromTheTargets() {
        Host host = host(Map.of("LC_ALL", "C.UTF-8", "A", "1"), "gantry.restore.LC_ALL", "");
        assertThat(host.environment()).isEqualTo(Map.of("A", "1"));
        assertThat(host.restored()).containsOnlyKeys("LC_ALL").containsEntry("LC_ALL", null);
    }

    @Test
    void aVariableThatTheScriptReplacedIsWhatItWas() {
        Host host = host(Map.of("LC_ALL", "C.UTF-8"), "gantry.restore.LC_ALL", "C");
        assertThat(host.environment()).isEqualTo(Map.of("LC_ALL", "C"));
        assertThat(host.restored()).isEqualTo(Map.of("LC_ALL", "C"));
    }

    @Test
    void withoutTheScriptNothingIsChanged() {
        Host host = Host.of(Map.of("LC_ALL", "C.UTF-8"), new Properties(), Path.of("/"));
        assertThat(host.environment()).isEqualTo(Map.of("LC_ALL", "C.UTF-8"));
        assertThat(host.restored()).isEmpty();
    }
}
