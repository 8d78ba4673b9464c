package dev.curfew.cli.attach;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** Another JVM of this user, and the bean there. */
final class Jvm implements AutoCloseable {
    /** Set by the library in a JVM that has opened a group. */
    static final String LOADED = "dev.curfew.loaded";

    /** Set by the management module once its bean is there. */
    static final String REGISTERED = "dev.curfew.management";

    private static final String BEANS = "dev.curfew:type=TaskTree,*";

    private final long pid;
    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final ObjectName bean;

    private Jvm(long pid, JMXConnector connector, ObjectName bean) throws IOException {
        this.pid = pid;
        this.connector = connector;
        this.server = connector.getMBeanServerConnection();
        this.bean = bean;
    }

    /** Those that can be attached to, but this one. */
    static List<VirtualMachineDescriptor> all() {
        String self = Long.toString(ProcessHandle.current().pid());
        return VirtualMachine.list().stream().filter(d -> !d.id().equals(self)).toList();
    }

    /** The system properties of another JVM. */
    static Properties properties(String pid) throws IOException, AttachNotSupportedException {
        VirtualMachine vm = VirtualMachine.attach(pid);
        try {
            return vm.getSystemProperties();
        } finally {
            vm.detach();
        }
    }

    /** Attaches, and finds the bean. */
    static Jvm attach(long pid) throws Refusal {
        ProcessHandle process =
                ProcessHandle.of(pid).filter(ProcessHandle::isAlive).orElseThrow(() -> gone(pid));
        if (pid == ProcessHandle.current().pid()) {
            throw new Refusal(
                    Refusal.NOT_ATTACHABLE, "process " + pid + " is this command; see: curfew ps");
        }
        // Who is not in this list might take the signal that asks it to listen for a real one.
        if (VirtualMachine.list().stream().noneMatch(d -> d.id().equals(Long.toString(pid)))) {
            throw new Refusal(
                    Refusal.NOT_ATTACHABLE,
                    notListed(pid, process.info(), ProcessHandle.current().info().user()));
        }
        try {
            return connect(pid);
        } catch (AttachNotSupportedException e) {
            throw new Refusal(
                    Refusal.NOT_ATTACHABLE,
                    "process " + pid + " does not let itself be attached to: " + e.getMessage());
        } catch (IOException e) {
            throw lost(pid, e);
        } catch (JMException e) {
            throw new Refusal(
                    Refusal.NOT_ATTACHABLE,
                    "the management of process " + pid + " does not answer: " + e);
        }
    }

    /** Why a process is not in the list of those that can be attached to. */
    static String notListed(long pid, ProcessHandle.Info info, Optional<String> self) {
        Optional<String> user = info.user();
        if (user.isPresent() && self.isPresent() && !user.equals(self)) {
            return "process "
                    + pid
                    + " is another user's: it runs as "
                    + user.get()
                    + ", and this command as "
                    + self.get();
        }
        boolean java =
                info.command().map(command -> Path.of(command).endsWith("java")).orElse(true);
        return java
                ? "process "
                        + pid
                        + " forbids attaching: it was started with -XX:+DisableAttachMechanism or"
                        + " -XX:-UsePerfData, or is no JVM"
                : "process "
                        + pid
                        + " is no JVM that can be attached to: it runs "
                        + info.command().get();
    }

    private static Jvm connect(long pid)
            throws IOException, AttachNotSupportedException, JMException, Refusal {
        VirtualMachine vm = VirtualMachine.attach(Long.toString(pid));
        String address;
        try {
            Properties properties = vm.getSystemProperties();
            if (properties.getProperty(LOADED) == null) {
                throw new Refusal(
                        Refusal.NO_CURFEW,
                        "process "
                                + pid
                                + " does not use Curfew, or has not opened a group so far");
            }
            if (properties.getProperty(REGISTERED) == null) {
                throw noModule(pid);
            }
            address = vm.startLocalManagementAgent();
        } finally {
            vm.detach();
        }
        JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
        try {
            Set<ObjectName> beans =
                    connector.getMBeanServerConnection().queryNames(new ObjectName(BEANS), null);
            if (beans.isEmpty()) {
                throw noModule(pid);
            }
            // With several copies of the library the first is the one without a further key.
            ObjectName first = beans.stream().sorted().findFirst().orElseThrow();
            return new Jvm(pid, connector, first);
        } catch (IOException | JMException | Refusal e) {
            connector.close();
            throw e;
        }
    }

    private static Refusal noModule(long pid) {
        return new Refusal(
                Refusal.NO_MODULE,
                "process "
                        + pid
                        + " uses Curfew without its management module: put"
                        + " dev.curfew:curfew-management on its class path");
    }

    private static Refusal gone(long pid) {
        return new Refusal(
                Refusal.GONE, "there is no process " + pid + ", or it has gone; see: curfew ps");
    }

    private static Refusal lost(long pid, IOException e) {
        boolean alive = ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
        return alive
                ? new Refusal(
                        Refusal.NOT_ATTACHABLE,
                        "process " + pid + " could not be asked: " + e.getMessage())
                : gone(pid);
    }

    String tree(int children) throws Refusal {
        return (String) call("tree", new Object[] {children}, "int");
    }

    String json() throws Refusal {
        return (String) call("treeAsJson", new Object[0]);
    }

    String why(String id) throws Refusal {
        return (String) call("why", new Object[] {id}, String.class.getName());
    }

    String report() throws Refusal {
        return (String) call("report", new Object[0]);
    }

    boolean cancel(String id, String why) throws Refusal {
        String type = String.class.getName();
        return (Boolean) call("cancel", new Object[] {id, why}, type, type);
    }

    private Object call(String operation, @Nullable Object[] arguments, String... types)
            throws Refusal {
        try {
            return server.invoke(bean, operation, arguments, types);
        } catch (IOException e) {
            throw lost(pid, e);
        } catch (InstanceNotFoundException e) {
            throw noModule(pid);
        } catch (RuntimeMBeanException e) {
            if (e.getTargetException() instanceof IllegalStateException refused) {
                throw new Refusal(
                        Refusal.CANCEL_OFF, "process " + pid + ": " + refused.getMessage());
            }
            throw e;
        } catch (JMException e) {
            throw new Refusal(
                    Refusal.NOT_ATTACHABLE,
                    "the management of process " + pid + " does not answer: " + e);
        }
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            // It has gone; nothing is left to close.
        }
    }
}
