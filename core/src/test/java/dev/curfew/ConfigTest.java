package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

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
        ScopedValue<String> bound = ScopedValue.newInstance();
        ContextCarrier carrier = () -> null;
        Config defaults = Config.blockDefaults();

        Config config =
                defaults.withName("import")
                        .withFailurePolicy(FailurePolicy.KEEP_GOING)
                        .withFailureHandler(handler)
                        .withThreadFactory(factory)
                        .withPatience(Duration.ofSeconds(3))
                        .withRedelivery(Duration.ofSeconds(4))
                        .withScopedValue(bound, "value")
                        .withCarried(key)
                        .withContextCarrier(carrier);

        assertThat(config.name()).contains("import");
        assertThat(config.failurePolicy()).isEqualTo(FailurePolicy.KEEP_GOING);
        assertThat(config.failureHandler()).containsSame(handler);
        assertThat(config.threadFactory()).containsSame(factory);
        assertThat(config.patience()).contains(Duration.ofSeconds(3));
        assertThat(config.redelivery()).contains(Duration.ofSeconds(4));
        assertThat(config.context().bound()).containsExactly(new Context.Bound<>(bound, "value"));
        assertThat(config.carried()).containsExactly(key);
        assertThat(config.contextCarriers()).containsExactly(carrier);
        assertThat(defaults.carried()).isEmpty();
        assertThat(defaults.contextCarriers()).isEmpty();
        assertThat(defaults.name()).isEmpty();
        assertThat(defaults.failurePolicy()).isEqualTo(FailurePolicy.CANCEL_GROUP);
        assertThat(defaults.failureHandler()).isEmpty();
        assertThat(defaults.threadFactory()).isEmpty();
        assertThat(defaults.patience()).isEmpty();
        assertThat(defaults.redelivery()).isEmpty();
        assertThat(defaults.context()).isSameAs(Context.NONE);
        assertThat(config)
                .hasToString(
                        "Config[name=import, failurePolicy=KEEP_GOING, failureHandler=set,"
                                + " threadFactory=set, patience=PT3S, redelivery=PT4S]");
    }

    @Test
    void whatIsReadInsideTheLibraryIsWhatIsShown() {
        FailureHandler handler = (task, failure) -> {};
        ThreadFactory factory = Thread.ofPlatform().factory();
        Config config =
                Config.serviceDefaults(c ->
                        c.withName("import")
                                .withFailureHandler(handler)
                                .withThreadFactory(factory)
                                .withPatience(Duration.ofSeconds(3))
                                .withRedelivery(Duration.ofSeconds(4)));

        assertThat(config.nameOrNull()).isEqualTo("import");
        assertThat(config.failureHandlerOrNull()).isSameAs(handler);
        assertThat(config.threadFactoryOrNull()).isSameAs(factory);
        assertThat(config.patienceOrNull()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.redeliveryOrNull()).isEqualTo(Duration.ofSeconds(4));
        assertThat(Config.blockDefaults().nameOrNull()).isNull();
        assertThat(Config.blockDefaults().failureHandlerOrNull()).isNull();
        assertThat(Config.blockDefaults().threadFactoryOrNull()).isNull();
        assertThat(Config.blockDefaults().redeliveryOrNull()).isNull();
    }

    @Test
    void onlySettingsOfABlockThatNothingChangedAreItsDefaults() {
        assertThat(Config.blockDefaults().isBlockDefaults()).isTrue();
        assertThat(Config.blockDefaults(c -> c).isBlockDefaults()).isTrue();
        assertThat(Config.blockDefaults(c -> c.withName("import")).isBlockDefaults()).isFalse();
        assertThat(Config.serviceDefaults().isBlockDefaults()).isFalse();
    }

    @Test
    void aChangeThatGivesNoSettingsIsRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> Config.blockDefaults(_ -> null))
                .withMessageContaining("returned null");
    }

    @Test
    void theIntervalOfRedeliveryIsMoreThanZero() {
        Config config = Config.blockDefaults();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withRedelivery(Duration.ZERO))
                .withMessageContaining("more than zero");
        assertThat(config.withRedelivery(Duration.ofNanos(1)).redelivery()).isPresent();
        assertThat(config.withPatience(Duration.ofNanos(1)).patience()).isPresent();
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
