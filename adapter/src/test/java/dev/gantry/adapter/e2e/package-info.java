/** The real adapter as a process, seen from its client: whole sessions, from initialize to the end of everything. */
@NullMarked
package dev.gantry.adapter.e2e;

import org.jspecify.annotations.NullMarked;
