package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.adapter.debuggee.ExitReport;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ResourceUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ExitBodyTest {
    private static JsonObject body(ExitReason reason) {
        ResourceUsage usage = new ResourceUsage(
                Duration.ofSeconds(1), Optional.empty(), Optional.empty(), OptionalLong.empty(), false);
        return ExitBody.of(new ExitReport(Optional.of(reason), usage, false, false));
    }

    @Test
    void aCodeOfWindowsIsSignedAndNamed() {
        JsonObject body = body(ExitReason.ofCode(0xC0000005));
        assertThat(body.get("exitCode").getAsString()).isEqualTo("-1073741819");
        assertThat(body.get("status").getAsString()).isEqualTo("-1073741819");
        assertThat(body.get("ntStatus").getAsString()).isEqualTo("STATUS_ACCESS_VIOLATION");
        assertThat(body.get("description").getAsString()).contains("0xC0000005");
    }

    @Test
    void othersHaveNoSuchName() {
        assertThat(body(ExitReason.ofCode(3)).keySet()).contains("exitCode").doesNotContain("ntStatus", "signal");
        assertThat(body(ExitReason.ofCode(0)).keySet()).contains("exitCode").doesNotContain("ntStatus", "signal");
        assertThat(body(ExitReason.of(11)).keySet()).contains("signal").doesNotContain("ntStatus", "exitCode");
    }
}
