"""Programs under measurement: found, pinned to a CPU, started, and read through /proc."""
import contextlib
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "bench" / "scripts"
CLIENT_CPU, SERVER_CPU = 0, 1
TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")
DESCRIPTORS = 8192


def perigee():
    program = os.environ.get("PERIGEE", str(ROOT / "build" / "perigee"))
    if not os.access(program, os.X_OK):
        sys.exit(f"{program} is missing: make build")
    return program


def path_of(program):
    """Where a program is, also one for administrators; None if it is missing."""
    return shutil.which(program, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))


def find(program, how_to_get_it):
    """The path of a program, or None after a line that says how to get it."""
    path = path_of(program)
    if path is None:
        print(f"skipped: {program} is missing: {how_to_get_it}")
    return path


def find_k6():
    """k6 as bench/peers installs it, or None after a line that says how to get it."""
    if "PERIGEE_BENCH_K6" in os.environ:
        return os.environ["PERIGEE_BENCH_K6"] or None
    found = subprocess.run([ROOT / "bench" / "peers"], stdout=subprocess.PIPE, text=True).stdout
    return found.strip() or None


def find_ghz():
    """ghz as tests/peers/ghz_setup installs it, or None after a line that says how to get it."""
    found = subprocess.run([ROOT / "tests" / "peers" / "ghz_setup"], stdout=subprocess.PIPE, text=True).stdout
    return found.strip() or None


def need_two_cpus():
    if len(os.sched_getaffinity(0)) < 2:
        print("skipped: two CPUs are needed, one for the client and one for the server")
        sys.exit(0)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(port):
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}")


def connections_to(port):
    """How many clients are connected to a port of this machine."""
    lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    established = (line.split()[1] for line in lines if line.split()[3] == "01")
    return sum(int(local.rpartition(":")[2], 16) == port for local in established)


def raise_descriptor_limit():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(DESCRIPTORS, most), most))


@contextlib.contextmanager
def running(command, cpu, environment=None):
    """A process pinned to a CPU, ended at the end of the block if it still runs."""
    raise_descriptor_limit()
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            ["taskset", "-c", str(cpu), *map(str, command)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})})
        process.log = log
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def fail(process, why):
    process.log.seek(0)
    sys.exit(f"{why}\n{process.args}\n{process.log.read()[-2000:]}")


def cpu_us(pid):
    """User and system time that a process has used, in microseconds."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) * TICK_US, int(fields[12]) * TICK_US


def cpu_of_run(command, environment):
    """(user, system) seconds that a client uses from its start to its end."""
    process = subprocess.Popen(["taskset", "-c", str(CLIENT_CPU), *map(str, command)],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               env={**os.environ, **environment})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command} has failed")
    return usage.ru_utime, usage.ru_stime


def resident_kb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
