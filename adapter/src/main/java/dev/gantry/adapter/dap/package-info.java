/** The wire: frames, JSON, lsp4j's JSON-RPC, the Outbox. Knows bytes and messages, decides nothing about targets. */
@NullMarked
package dev.gantry.adapter.dap;

import org.jspecify.annotations.NullMarked;
