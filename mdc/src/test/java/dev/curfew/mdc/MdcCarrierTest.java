package dev.curfew.mdc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.ServiceGroup;
import dev.curfew.TaskGroup;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The carrier is named nowhere here: the service loader finds it. */
@Timeout(60)
class MdcCarrierTest {
    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void aThreadAloneInheritsNothing() throws Exception {
        MDC.put("request", "42");
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> seen.add(String.valueOf(MDC.get("request"))));
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("null");
    }

    @Test
    void aTaskLogsWithItsForkersContext() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("test");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        MDC.put("request", "42");
        TaskGroup.run(group ->
                group.fork(() -> TaskGroup.run(inner -> inner.fork(() -> logger.warn("hello")))));
        assertThat(appender.list)
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getMDCPropertyMap())
                                .containsExactly(Map.entry("request", "42")));
    }

    @Test
    void theContextIsThatOfTheForkAndWhatTheTaskChangesIsItsOwn() throws Exception {
        ServiceGroup group = ServiceGroup.open("service");
        MDC.put("request", "1");
        var first =
                group.fork(() -> {
                    String seen = MDC.get("request");
                    MDC.put("request", "changed");
                    return seen;
                });
        assertThat(first.await()).isEqualTo("1");
        assertThat(MDC.get("request")).isEqualTo("1");
        MDC.clear();
        assertThat(group.fork(() -> MDC.getCopyOfContextMap()).await()).isNullOrEmpty();
        group.close();
    }

    @Test
    void theThreadIsClearedAfterTheBody() throws Exception {
        BlockingQueue<String> after = new LinkedBlockingQueue<>();
        ServiceGroup group = ServiceGroup.open("service");
        MDC.put("request", "1");
        group.fork(() ->
                dev.curfew.Task.current()
                        .orElseThrow()
                        .onEnd(_ -> after.add(String.valueOf(MDC.get("request")))));
        assertThat(after.poll(30, TimeUnit.SECONDS)).isEqualTo("null");
        group.close();
    }
}
