"""How results are printed: the machine first, then tables."""
import os
import pathlib
import platform
import statistics
import subprocess

from support import processes


def first_line(command):
    try:
        run = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return "missing"
    return (run.stdout + run.stderr).strip().partition("\n")[0]


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def machine():
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{os.cpu_count()} x {cpu_model()}, {memory_gb:.0f} GB, Linux {platform.release()}, "
            f"load average {os.getloadavg()[0]:.1f}")


def versions():
    """The machine and the programs that take part, a line each."""
    k6 = os.environ.get("PERIGEE_BENCH_K6") or "k6"
    commands = {"nginx": [processes.path_of("nginx") or "nginx", "-v"], "wrk": ["wrk", "-v"],
                "k6": [k6, "version"], "perigee": [processes.perigee(), "--version"]}
    return "\n".join([machine(), *(f"{name}: {first_line(command)}"
                                   for name, command in commands.items())])


def table(head, rows):
    """Prints rows of text, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows)]
    for row in (head, *rows):
        name, *cells = (cell.rjust(width) for cell, width in zip(row, widths))
        print("  ".join([row[0].ljust(len(name)), *cells]))


def costs(results):
    """Prints CPU times: name -> (user, system) microseconds of each round."""
    rows = []
    for name, values in results.items():
        user, system = (statistics.median(column) for column in zip(*values))
        rows.append([name, spread(list(map(sum, values))), f"{user:.2f}", f"{system:.2f}"])
    table(["client", "us", "user us", "system us"], rows)


def spread(values):
    """Median, lowest and highest as text."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def verdict(value, most):
    return f"{value:.3g} (at most {most:.3g} is wanted: {'yes' if value <= most else 'NO'})"
