// croner_next.mjs COUNT: how many ns croner takes to find the next occurrence, from the one before.
import { Cron } from "croner";

const count = Number(process.argv[2]);
const kinds = {
  daily: ["40 4 * * *", "UTC"],
  cron: ["20 2 * * 1-5", "UTC"],
  "far cron": ["0 0 29 2 *", "UTC"],
  zone: ["0 3 * * *", "Europe/Brussels"],
};
const figures = {};
for (const [kind, [pattern, timezone]] of Object.entries(kinds)) {
  const job = new Cron(pattern, { timezone, paused: true });
  const first = new Date("2026-01-01T00:00:00Z");
  const last = new Date("2200-01-01T00:00:00Z");
  let at = first;
  const begin = process.hrtime.bigint();
  for (let i = 0; i < count; ++i) at = at < last ? (job.nextRun(at) ?? first) : first;
  figures[`${kind} ns`] = Number(process.hrtime.bigint() - begin) / count;
}
console.log(JSON.stringify(figures));
process.exit(0);
