package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class ConfigTest {
    @Test
    void blockStopsAtAFailureAndServiceGoesOnUnlessSaidOtherwise() {
        assertThat(Config.blockDefaults().failurePolicy()).isEqualTo(FailurePolicy.CANCEL_GROUP);
        assertThat(Config.serviceDefaults().failurePolicy()).isEqualTo(FailurePolicy.KEEP_GOING);
    }

    @Test
    void nothingElseIsSetByDefault() {
        Config config = Config.blockDefaults();

        assertThat(config.name()).isEmpty();
        assertThat(config.failureHandler()).isEmpty();
        assertThat(config.threadFactory()).isEmpty();
        assertThat(config.patience()).isEmpty();
        assertThat(config.carried()).isEmpty();
        assertThat(config.contextCarriers()).isEmpty();
        assertThat(config.patienceOrNull()).isNull();
    }

    @Test
    void eachWitherChangesItsOwnSettingInACopy() {
        FailureHandler handler = (task, failure) -> {};
        ThreadFactory factory = Thread.ofPlatform().factory();
        ScopedValue<String> key = ScopedValue.newInstance();
        ContextCarrier carrier = () -> null;
        Config defaults = Config.blockDefaults();

        Config config =
                defaults.withName("import")
                        .withFailurePolicy(FailurePolicy.KEEP_GOING)
                        .withFailureHandler(handler)
                        .withThreadFactory(factory)
                        .withPatience(Duration.ofSeconds(3))
                        .withCarried(key)
                        .withContextCarrier(carrier);

        assertThat(config.name()).contains("import");
        assertThat(config.failurePolicy()).isEqualTo(FailurePolicy.KEEP_GOING);
        assertThat(config.failureHandler()).containsSame(handler);
        assertThat(config.threadFactory()).containsSame(factory);
        assertThat(config.patience()).contains(Duration.ofSeconds(3));
        assertThat(config.carried()).containsExactly(key);
        assertThat(config.contextCarriers()).containsExactly(carrier);
        assertThat(defaults.carried()).isEmpty();
        assertThat(defaults.contextCarriers()).isEmpty();
        assertThat(defaults.name()).isEmpty();
        assertThat(defaults.failurePolicy()).isEqualTo(FailurePolicy.CANCEL_GROUP);
        assertThat(defaults.failureHandler()).isEmpty();
        assertThat(defaults.threadFactory()).isEmpty();
        assertThat(defaults.patience()).isEmpty();
    }

    @Test
    void patienceIsMoreThanZero() {
        Config config = Config.blockDefaults();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withPatience(Duration.ZERO))
                .withMessageContaining("more than zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withPatience(Duration.ofMillis(-1)));
    }

    @Test
    void textShowsTheSettingsInOneLine() {
        assertThat(Config.serviceDefaults().withName("a\nb"))
                .hasToString(
                        "Config[name=a\uFFFDb, failurePolicy=KEEP_GOING, failureHandler=unset,"
                                + " threadFactory=unset, patience=unset, redelivery=unset]");
    }
}
