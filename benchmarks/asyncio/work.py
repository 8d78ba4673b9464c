"""What is measured of asyncio: its TaskGroup and timeout, as its documentation has them.

Usage: work.py WORKLOAD N ROUNDS. Prints a figure for each round, in nanoseconds, divided by N where
Curfew's is. It runs apart from the other contenders, so what is compared are medians, not rounds.
"""

import asyncio
import sys
import time

SLICE = 30_000_000
WARM_UP = 2_000_000_000


async def value(i):
    return i


async def fork_and_join(n):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(value(i)) for i in range(n)]
    assert sum(task.result() for task in tasks) == n * (n - 1) // 2


async def cancel_all(n):
    tasks = []
    async with asyncio.TaskGroup() as group:
        for _ in range(n):
            tasks.append(group.create_task(asyncio.sleep(3600)))
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
    assert all(task.cancelled() for task in tasks)


async def timeout(_):
    async with asyncio.timeout(60):
        result = await value(1)
    assert result == 1


async def nested(depth):
    if depth:
        async with asyncio.TaskGroup() as group:
            group.create_task(nested(depth - 1))


async def cancel_one(_):
    task = asyncio.create_task(asyncio.sleep(3600))
    await asyncio.sleep(0)
    start = time.perf_counter_ns()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return time.perf_counter_ns() - start
    raise AssertionError("it was not cancelled")


async def fails():
    raise RuntimeError("on purpose")


async def one_fails(n):
    failed = False
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(n - 1):
                group.create_task(asyncio.sleep(3600))
            group.create_task(fails())
    except* RuntimeError:
        failed = True
    assert failed


async def request():
    async with asyncio.timeout(60):
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(asyncio.sleep(0.001))


async def requests(n):
    async with asyncio.TaskGroup() as group:
        for _ in range(n):
            group.create_task(request())


WORK = {
    "W1": (fork_and_join, True),
    "W2": (cancel_all, True),
    "W3": (timeout, False),
    "W4": (nested, True),
    "W6": (cancel_one, False),
    "W7": (one_fails, True),
    "W10": (requests, True),
}


async def main(name, n, rounds):
    once, per_task = WORK[name]
    times = 1
    until = time.perf_counter_ns() + WARM_UP
    figures = []
    while len(figures) < rounds:
        start = time.perf_counter_ns()
        samples = [await once(n) for _ in range(times)]
        nanos = time.perf_counter_ns() - start
        if start > until:
            if name == "W6":
                figures.append(sorted(samples)[len(samples) // 2])
            else:
                figures.append(nanos / times / (n if per_task else 1))
        times = max(1, min(8 * times, SLICE * times // max(nanos, 1)))
    print("\t".join(f"{figure:.3f}" for figure in figures))


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit("asyncio's TaskGroup needs Python 3.11")
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
