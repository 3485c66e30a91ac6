package dev.gantry.launcher.contract;

import org.junit.jupiter.api.Nested;

/** The contract over the portable backend. */
@OnBackend("portable")
class PortableContractTest {
    @Nested
    class Start extends StartContract {}

    @Nested
    class SpawnFailure extends SpawnFailureContract {}

    @Nested
    class Write extends WriteContract {}

    @Nested
    class End extends EndContract {}

    @Nested
    class ProducerPace extends ProducerContract {}

    @Nested
    class Signals extends SignalContract {}

    @Nested
    class Descriptors extends DescriptorContract {}

    @Nested
    class Pty extends PtyContract {}

    @Nested
    class Usage extends UsageContract {}

    @Nested
    class Terminal extends TerminalContract {}

    @Nested
    class Callbacks extends CallbackContract {}

    @Nested
    class Stress extends StressContract {
        /** Each costs four threads and, with all alive, a JVM's time to switch between them: a thousand take 15 s and 350 MB. */
        @Override
        int manyChildren() {
            return 100;
        }
    }
}
