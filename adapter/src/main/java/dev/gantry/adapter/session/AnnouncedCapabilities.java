package dev.gantry.adapter.session;

import dev.gantry.adapter.config.Platform;
import org.eclipse.lsp4j.debug.Capabilities;

/**
 * What is announced to every client in the response to initialize; the same for all on a system, since that response is written before
 * anything is known of the target or the backend. The wire keeps it as bytes, and a test compares the two.
 */
public final class AnnouncedCapabilities {
    private AnnouncedCapabilities() {}

    /** Whether a target may outlive us here, as far as the system's kind tells. */
    static boolean canLeaveTargets() {
        return Platform.current() != Platform.WINDOWS;
    }

    public static Capabilities all() {
        Capabilities capabilities = new Capabilities();
        capabilities.setSupportsConfigurationDoneRequest(true);
        capabilities.setSupportsRestartRequest(true);
        capabilities.setSupportsTerminateRequest(true);
        if (canLeaveTargets()) {
            capabilities.setSupportTerminateDebuggee(true);
        }
        capabilities.setSupportsCancelRequest(true);
        capabilities.setSupportsANSIStyling(true);
        return capabilities;
    }
}
