package dev.curfew.benchmarks.ox

import _root_.ox.*
import java.util.concurrent.Callable
import java.util.function.IntFunction
import scala.concurrent.duration.*

/** What is measured of Ox, once each; the caller's loop runs it on a virtual thread. */
object OxWork:
  final class Failure extends RuntimeException("on purpose", null, false, false)

  def forkAndJoin(n: Int, value: IntFunction[Integer]): Unit =
    val sum = supervised:
      val forks = (0 until n).map(i => fork(value.apply(i)))
      forks.foldLeft(0L)((s, f) => s + f.join())
    assert(sum == n.toLong * (n - 1) / 2)

  def cancelAll(n: Int, block: Callable[Integer]): Unit =
    supervised:
      for _ <- 0 until n do forkDiscard(block.call())
      // the end of the scope cancels daemon forks

  def timeout(): Unit =
    assert(_root_.ox.timeout(1.minute)(1) == 1)

  def nested(depth: Int): Unit =
    if depth > 0 then
      supervised:
        forkUser(nested(depth - 1)).join()

  def cancelOne(started: Runnable, awaitParked: Runnable, block: Callable[Integer]): Long =
    supervised:
      val f = forkCancellable:
        started.run()
        block.call()
      awaitParked.run()
      val start = System.nanoTime()
      val result = f.cancel()
      val nanos = System.nanoTime() - start
      assert(result.isLeft)
      nanos

  def oneFails(n: Int, block: Callable[Integer]): Unit =
    val failed =
      try
        supervised:
          for _ <- 0 until n - 1 do forkUserDiscard(block.call())
          forkUserDiscard(throw new Failure)
        false
      catch case _: Failure => true
    assert(failed)

  def request(value: IntFunction[Integer]): Unit =
    _root_.ox.timeout(1.minute):
      supervised:
        val forks = (0 until 10).map: i =>
          fork:
            sleep(1.millis)
            value.apply(i)
        forks.foreach(_.join())

  def holding(n: Int, started: Runnable, block: Callable[Integer], action: Runnable): Unit =
    supervised:
      for _ <- 0 until n do
        forkDiscard:
          started.run()
          block.call()
      action.run()
