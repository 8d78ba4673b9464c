package dev.curfew.management;

import dev.curfew.internal.watch.LockOwners;
import dev.curfew.spi.Extension;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Registers the bean. Is found by the library. */
public final class ManagementExtension implements Extension {
    /** By this system property other programs see that the bean is there. */
    static final String REGISTERED = "dev.curfew.management";

    private static final int COPIES = 100;

    /** For the service loader. */
    public ManagementExtension() {}

    @Override
    public void start() throws JMException {
        LockOwners.lookUpBy(new Owners());
        System.setProperty(REGISTERED, register().toString());
    }

    /** With a number where there is a copy of the library by another class loader. */
    private static ObjectName register() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        InstanceAlreadyExistsException taken = null;
        for (int copy = 1; copy <= COPIES; copy++) {
            ObjectName name =
                    new ObjectName(CurfewMXBean.NAME + (copy == 1 ? "" : ",copy=" + copy));
            try {
                server.registerMBean(new Bean(), name);
                return name;
            } catch (InstanceAlreadyExistsException e) {
                taken = e;
            }
        }
        throw taken;
    }
}
