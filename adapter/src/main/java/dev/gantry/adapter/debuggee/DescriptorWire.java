package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.agent.AgentCommand;
import dev.gantry.adapter.agent.AgentWire;
import dev.gantry.launcher.ProcessTransport;
import java.nio.ByteBuffer;

/** The wire to an agent that has inherited its end of it. Confined to the reactor. */
final class DescriptorWire implements AgentWire {
    private final ProcessTransport transport;

    DescriptorWire(ProcessTransport transport) {
        this.transport = transport;
    }

    @Override
    public void send(ByteBuffer frame) {
        transport.writeToChild(AgentCommand.CHILD_FD, frame);
    }

    @Override
    public void drainAvailable() {
        transport.drainAvailable();
    }

    @Override
    public void setReading(boolean on) {
        transport.setReading(AgentCommand.CHILD_FD, on);
    }

    @Override
    public void close() {
        transport.closeChildFd(AgentCommand.CHILD_FD);
    }

    @Override
    public void detached() {
        // The transport has handed it on.
    }
}
