package dev.curfew.benchmarks.contenders;

import dev.curfew.benchmarks.Contender;
import dev.curfew.benchmarks.Operation;
import dev.curfew.benchmarks.Work;
import dev.curfew.benchmarks.kotlin.KotlinWork;

/**
 * kotlinx.coroutines, whose part is written in Kotlin. Its tasks are no threads: they suspend where
 * the others' block.
 */
public final class Kotlin extends Contender {
    private final KotlinWork work;

    private Kotlin(String name, KotlinWork work) {
        super(name);
        this.work = work;
    }

    public static Kotlin onDefault() {
        return new Kotlin("Kotlin Default", KotlinWork.onDefault());
    }

    public static Kotlin onRunBlocking() {
        return new Kotlin("Kotlin runBlocking", KotlinWork.onRunBlocking());
    }

    @Override
    public Operation forkAndJoin(int n) {
        return (times, samples) -> work.forkAndJoin(times, n, Work::value);
    }

    @Override
    public Operation fromPlatformThread() {
        return (times, samples) -> work.fromPlatformThread(times, Work::value);
    }

    @Override
    public Operation cancelAll(int n) {
        return (times, samples) -> work.cancelAll(times, n);
    }

    @Override
    public Operation timeout() {
        return (times, samples) -> work.timeout(times);
    }

    @Override
    public Operation nested(int depth) {
        return (times, samples) -> work.nested(times, depth);
    }

    @Override
    public Operation cancelOne() {
        return (times, samples) -> work.cancelOne(times, samples::add);
    }

    @Override
    public Operation oneFails(int n) {
        return (times, samples) -> work.oneFails(times, n);
    }

    @Override
    public Operation requests(int n) {
        return (times, samples) -> work.requests(times, n);
    }

    @Override
    public Holding holding(int n) {
        return action -> work.holding(n, action);
    }
}
