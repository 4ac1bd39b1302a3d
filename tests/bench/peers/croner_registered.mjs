// croner_registered.mjs JOBS: what a job of croner takes; each has a timer of its own, so there is no common wake-up.
import { Cron } from "croner";

const count = Number(process.argv[2]);
const used = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
const before = used();
const jobs = [];
for (let i = 0; i < count; ++i) {
  const second = (i * 7919) % 86400;
  jobs.push(new Cron(`${second % 60} ${Math.floor(second / 60) % 60} ${Math.floor(second / 3600)} * * *`, () => {}));
}
console.log(JSON.stringify({ "B/job": (used() - before) / count }));
for (const job of jobs) job.stop();
process.exit(0);
