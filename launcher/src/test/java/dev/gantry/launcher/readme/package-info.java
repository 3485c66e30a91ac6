/** The example of the module's README. */
@NullMarked
package dev.gantry.launcher.readme;

import org.jspecify.annotations.NullMarked;
