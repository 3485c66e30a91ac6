package dev.gantry.adapter.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Ends our options after the value of this one, as python's {@code -m} and {@code -c} end python's: all that follows is the
 * program's, even what looks like an option, and even a {@code --}. Used while the command line is parsed.
 */
final class RestIsTheProgram implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        if (words.isEmpty()) {
            String name = option instanceof OptionSpec named ? named.longestName() : option.paramLabel();
            throw new MissingParameterException(
                    command.commandLine(), List.of(option), name + " wants a value: " + option.paramLabel());
        }
        option.setValue(words.pop());
        List<String> rest = new ArrayList<>();
        while (!words.isEmpty()) {
            rest.add(words.pop());
        }
        command.positionalParameters().get(0).setValue(rest);
    }
}
