/** A running target: output forwarding, the stop ladder, the words of its end. */
@NullMarked
package dev.gantry.adapter.debuggee;

import org.jspecify.annotations.NullMarked;
