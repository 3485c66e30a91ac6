/** The command line and the composition of the adapter: the only place that builds objects. */
@NullMarked
package dev.gantry.adapter;

import org.jspecify.annotations.NullMarked;
