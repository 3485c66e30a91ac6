package dev.gantry.adapter.session;

import org.eclipse.lsp4j.debug.Capabilities;

/**
 * What is announced to every client in the response to initialize; the same for all, since that response is written before
 * anything is known of the target. The wire keeps it as bytes, and a test compares the two.
 */
public final class AnnouncedCapabilities {
    private AnnouncedCapabilities() {}

    public static Capabilities all() {
        Capabilities capabilities = new Capabilities();
        capabilities.setSupportsConfigurationDoneRequest(true);
        capabilities.setSupportsRestartRequest(true);
        capabilities.setSupportsTerminateRequest(true);
        capabilities.setSupportTerminateDebuggee(true);
        capabilities.setSupportsCancelRequest(true);
        capabilities.setSupportsANSIStyling(true);
        return capabilities;
    }
}
