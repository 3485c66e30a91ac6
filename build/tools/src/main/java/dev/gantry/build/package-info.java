/** What the build does to the jar that is shipped. Nothing here is part of it. */
@NullMarked
package dev.gantry.build;

import org.jspecify.annotations.NullMarked;
