package dev.gantry.launcher.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract over the windows backend, but for {@link WindowsStressTest}, which takes as long as the rest. */
@Tag("windows")
@OnBackend("windows")
class WindowsContractTest {
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
}
