/** Pure values that know nothing of the wire, of processes or of sessions. */
@NullMarked
package dev.gantry.adapter.model;

import org.jspecify.annotations.NullMarked;
