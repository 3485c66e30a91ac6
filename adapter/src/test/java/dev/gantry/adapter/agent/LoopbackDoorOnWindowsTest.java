package dev.gantry.adapter.agent;

import org.junit.jupiter.api.Tag;

/** The same on Windows, which has another way to wait for sockets. */
@Tag("windows")
class LoopbackDoorOnWindowsTest extends LoopbackDoorTest {}
