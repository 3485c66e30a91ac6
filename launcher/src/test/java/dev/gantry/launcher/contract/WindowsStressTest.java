package dev.gantry.launcher.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The rest of {@link WindowsContractTest}. */
@Tag("windows")
@OnBackend("windows")
class WindowsStressTest {
    @Nested
    class Stress extends StressContract {
        @Override
        int manyChildren() {
            return 200;
        }

        /** Each byte passes Wine's server twice. */
        @Override
        long muchBytes() {
            return 20L << 20;
        }
    }
}
