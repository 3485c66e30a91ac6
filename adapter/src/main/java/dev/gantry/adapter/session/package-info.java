/** A session: its state machine, the dispatch table, one handler class for each request. */
@NullMarked
package dev.gantry.adapter.session;

import org.jspecify.annotations.NullMarked;
