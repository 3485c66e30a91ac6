/** The conversations of real clients, replayed against the real adapter, and what each of them depends on, case by case. */
@NullMarked
package dev.gantry.adapter.conformance;

import org.jspecify.annotations.NullMarked;
