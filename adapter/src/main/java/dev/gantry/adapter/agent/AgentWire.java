package dev.gantry.adapter.agent;

/** The bytes to and from one agent, however it was reached. Used on the reactor only; nothing of it blocks. */
public interface AgentWire extends AgentChannel.Wire {
    /** What has come by now has been delivered afterwards. */
    void drainAvailable();

    /** Reads from now on, or nothing for a while: then the other side waits once what lies between is full. */
    void setReading(boolean on);

    /** Nothing more is heard or said; what was sent before still goes out if the other side takes it. Idempotent. */
    void close();

    /** Our side of the target is given up, which lives on: what the transport has of it is the transport's business. */
    void detached();
}
