package dev.gantry.adapter.session;

import dev.gantry.adapter.debuggee.OutputSink;

/**
 * A stream of bytes to the client as output events. Confined to the reactor's thread.
 *
 * <p>Several channels share the client's bounded buffer: when it is over its mark every registered producer is paused, when it
 * has drained they are resumed. Whole lines leave at once when the client is idle; a part of a line after a few milliseconds;
 * under load they are joined into events of at most 64 KiB. A character or an escape sequence is in one event, however it was
 * written; what has begun like a sequence is shown when nothing has followed for a moment.
 */
public interface OutputChannel extends OutputSink {}
