package dev.curfew.benchmarks.kotlin

import java.util.concurrent.atomic.AtomicInteger
import java.util.function.IntFunction
import java.util.function.LongConsumer
import kotlin.coroutines.CoroutineContext
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

/**
 * What is measured of kotlinx.coroutines. The parent is a coroutine, as in any program that uses
 * them; each function does its work [times] times and returns the nanoseconds.
 *
 * @param dispatcher null for runBlocking's own single thread
 */
class KotlinWork(private val dispatcher: CoroutineContext?) {
    class Failure : RuntimeException("on purpose", null, false, false)

    private fun timed(times: Int, once: suspend CoroutineScope.() -> Unit): Long {
        val body: suspend CoroutineScope.() -> Long = {
            val start = System.nanoTime()
            repeat(times) { coroutineScope(once) }
            System.nanoTime() - start
        }
        return if (dispatcher == null) runBlocking(block = body) else runBlocking(dispatcher, body)
    }

    fun forkAndJoin(times: Int, n: Int, value: IntFunction<Int>): Long =
        timed(times) {
            val tasks = ArrayList<Deferred<Int>>(n)
            for (i in 0 until n) {
                tasks.add(async { value.apply(i) })
            }
            var sum = 0L
            for (v in tasks.awaitAll()) {
                sum += v
            }
            check(sum == n.toLong() * (n - 1) / 2)
        }

    fun cancelAll(times: Int, n: Int): Long =
        timed(times) {
            val jobs = List(n) { launch { awaitCancellation() } }
            coroutineContext.cancelChildren()
            jobs.joinAll()
        }

    fun timeout(times: Int): Long {
        val body: suspend CoroutineScope.() -> Long = {
            val start = System.nanoTime()
            repeat(times) { check(withTimeout(1.minutes) { 1 } == 1) }
            System.nanoTime() - start
        }
        return if (dispatcher == null) runBlocking(block = body) else runBlocking(dispatcher, body)
    }

    private suspend fun nest(depth: Int) {
        if (depth > 0) {
            coroutineScope { launch { nest(depth - 1) } }
        }
    }

    fun nested(times: Int, depth: Int): Long = timed(times) { nest(depth) }

    fun cancelOne(times: Int, sample: LongConsumer): Long =
        timed(times) {
            val started = AtomicInteger()
            val job = launch {
                started.set(1)
                awaitCancellation()
            }
            while (started.get() == 0) {
                yield()
            }
            yield()
            val start = System.nanoTime()
            job.cancelAndJoin()
            sample.accept(System.nanoTime() - start)
            check(job.isCancelled)
        }

    fun oneFails(times: Int, n: Int): Long {
        val body: suspend CoroutineScope.() -> Long = {
            val start = System.nanoTime()
            repeat(times) {
                var failed = false
                try {
                    coroutineScope {
                        repeat(n - 1) { launch { awaitCancellation() } }
                        launch { throw Failure() }
                    }
                } catch (e: Failure) {
                    failed = true
                }
                check(failed)
            }
            System.nanoTime() - start
        }
        return if (dispatcher == null) runBlocking(block = body) else runBlocking(dispatcher, body)
    }

    fun fromPlatformThread(times: Int, value: IntFunction<Int>): Long {
        val start = System.nanoTime()
        repeat(times) {
            val body: suspend CoroutineScope.() -> Int = { async { value.apply(0) }.await() }
            val v = if (dispatcher == null) runBlocking(block = body) else runBlocking(dispatcher, body)
            check(v == 0)
        }
        return System.nanoTime() - start
    }

    fun requests(times: Int, atATime: Int): Long {
        val body: suspend CoroutineScope.() -> Long = {
            val start = System.nanoTime()
            coroutineScope {
                repeat(atATime) {
                    launch {
                        repeat(times) {
                            withTimeout(1.minutes) {
                                coroutineScope { repeat(10) { launch { delay(1) } } }
                            }
                        }
                    }
                }
            }
            System.nanoTime() - start
        }
        return if (dispatcher == null) runBlocking(block = body) else runBlocking(dispatcher, body)
    }

    /** Keeps [n] coroutines suspended while [action] runs. */
    fun holding(n: Int, action: Runnable) {
        val body: suspend CoroutineScope.() -> Unit = {
            val started = AtomicInteger()
            repeat(n) {
                launch {
                    started.incrementAndGet()
                    awaitCancellation()
                }
            }
            while (started.get() < n) {
                yield()
            }
            action.run()
            coroutineContext.cancelChildren()
        }
        if (dispatcher == null) runBlocking(block = body) else runBlocking(dispatcher, body)
    }

    companion object {
        @JvmStatic fun onDefault() = KotlinWork(Dispatchers.Default)

        @JvmStatic fun onRunBlocking() = KotlinWork(null)
    }
}
