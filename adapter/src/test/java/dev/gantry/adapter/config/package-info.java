/** Tests of the launch arguments. */
@NullMarked
package dev.gantry.adapter.config;

import org.jspecify.annotations.NullMarked;
