"""CPU time per request of clients that load the same server in turn."""
import statistics
import sys
import time

from support import processes, report

WARM_UP_S = 1.0


def run_time(seconds):
    """How many whole seconds a client must run for a round."""
    return round(WARM_UP_S + seconds + 1)


def measure(server, command, environment, seconds):
    """(user, system) microseconds of CPU per request, and requests per second."""
    with processes.running(command, processes.CLIENT_CPU, environment) as client:
        time.sleep(WARM_UP_S)
        started, before, served = time.monotonic(), processes.cpu_us(client.pid), server.requests()
        time.sleep(seconds)
        after, now_served, ended = processes.cpu_us(client.pid), server.requests(), time.monotonic()
        if client.wait(timeout=60) != 0:
            processes.fail(client, "a client has failed")
    requests = now_served - served - 1
    if requests < 100:
        sys.exit(f"no load came from {command}")
    user, system = ((b - a) / requests for a, b in zip(before, after))
    return user, system, requests / (ended - started)


def rounds(server, clients, count, seconds):
    """Name -> what `measure` says, `count` times, of clients given as name -> (command, environment)."""
    results = {name: [] for name in clients}
    for _ in range(count):
        for name, (command, environment) in clients.items():
            results[name].append(measure(server, command, environment, seconds))
    return results


def rows(results):
    for name, rounds in results.items():
        user, system, rate = (statistics.median(values) for values in zip(*rounds))
        cost = report.spread([round[0] + round[1] for round in rounds])
        yield [name, cost, f"{user:.2f}", f"{system:.2f}", f"{rate:.0f}"]


def ratio(results, other):
    """The median over the rounds: both sides of a round have seen the same noise."""
    pairs = zip(results["perigee"], results[other])
    return statistics.median(sum(mine[:2]) / sum(theirs[:2]) for mine, theirs in pairs)


def table(results):
    report.table(["client", "us", "user us", "system us", "requests/s"], list(rows(results)))
