/** The connection to the agent inside a Python target: framing, requests that wait, the command line that starts it. */
@NullMarked
package dev.gantry.adapter.agent;

import org.jspecify.annotations.NullMarked;
