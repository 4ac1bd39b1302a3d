"""Jobs of a real rotad that are all due in one instant."""

import time

from system.daemon_under_test import Daemon, in_seconds, job_table, wait_until

AHEAD = 4  # seconds from writing the schedules until they are due


def burst(bench, jobs, processes, threads=4):
    """Runs `jobs` jobs that do nothing and are due in one instant; answers how many a second were due, run and
    recorded, and by how many ms the last of them started late."""
    with bench.directory() as directory:
        due = in_seconds(AHEAD)
        daemon = Daemon(
            directory,
            jobs="".join(job_table(f"no_op_{i}", schedule=due) for i in range(jobs)),
            supervisor=f"processes = {processes}\nthreads = {threads}",
            modules=f'module_directories = ["{bench.module.parent}"]',
            environment={"ROTA_BENCH_JOBS": str(jobs)},
        )
        with daemon:
            time.sleep(AHEAD)
            rows = wait_until(lambda: finished(daemon, jobs), f"the end of {jobs} runs", seconds=300)
        took = max(row["finished_at"] for row in rows) - min(row["scheduled_for"] for row in rows)
        late = max(row["started_at"] - row["scheduled_for"] for row in rows)
        return {"runs/s": jobs / took * 1000, "last start ms": late}


def finished(daemon, jobs):
    time.sleep(0.2)  # each look costs what is measured
    rows = daemon.rows("finished_at IS NOT NULL")
    if len(rows) < jobs:
        return None
    assert all(row["state"] == "succeeded" for row in rows), "a run of the burst failed"
    return rows
