package dev.gantry.launcher.linux;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** A program that starts a guarded process and is killed: by the test, once it has said so, or by itself at the worst moment. */
final class Sacrifice {
    private static final int SIGKILL = 9;

    private Sacrifice() {}

    /** "kept" or "unregistered", then the command. Passes the process's output on; its own lines begin with "#". */
    public static void main(String[] arguments) throws Exception {
        List<String> command = List.of(arguments).subList(1, arguments.length);
        TreeKeeper.Factory keepers =
                arguments[0].equals("unregistered") ? dyingBeforeRegistration() : ProcTreeKeeper.FACTORY;
        Reactor reactor = new LinuxBackend(keepers)
                .open(ReactorOptions.defaults().withSubreaper(true).withTrace(Sacrifice::passOn));
        ProcessTransport transport =
                reactor.spawnProcess(new Printer(), SpawnRequest.of(command).withGuarded(true));
        say("# root " + transport.pid());
        System.in.read();
        if (arguments[0].equals("detached")) {
            say("# drainer " + reactor.call(transport::detach).orElseThrow());
            System.in.read();
        }
        reactor.close();
    }

    /** An orphan that the guardian now knows of. */
    private static void passOn(String trace) {
        if (trace.contains("came to us from the tree")) {
            say("adopted " + trace.split(" ", 3)[1]);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** The keeper of production, but the moment after the spawn is our last. */
    private static TreeKeeper.Factory dyingBeforeRegistration() {
        return new TreeKeeper.Factory() {
            @Override
            public Set<Capability> capabilities() {
                return ProcTreeKeeper.FACTORY.capabilities();
            }

            @Override
            public TreeKeeper open(LinuxReactor reactor) throws IOException {
                TreeKeeper real = ProcTreeKeeper.FACTORY.open(reactor);
                return (TreeKeeper) Proxy.newProxyInstance(
                        TreeKeeper.class.getClassLoader(), new Class<?>[] {TreeKeeper.class}, (proxy, method, args) -> {
                            Object result = method.invoke(real, args);
                            return result instanceof TreeKeeper.Intent ? new LastWord() : result;
                        });
            }
        };
    }

    private static final class LastWord implements TreeKeeper.Intent {
        @Override
        public void started(ProcessId child) {
            say("# root " + child.pid());
            Libc.kill((int) ProcessHandle.current().pid(), SIGKILL);
        }

        @Override
        public void failed() {
            throw new IllegalStateException("the spawn failed");
        }
    }

    private static final class Printer implements ProcessProtocol {
        @Override
        public void childDataReceived(int childFd, ByteBuffer data) {
            System.out.print(StandardCharsets.UTF_8.decode(data));
            System.out.flush();
        }
    }
}
