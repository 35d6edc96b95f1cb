// 巡查: begun and finished on the phone, network or not. What goes on is told by the last visit online
// and by what waits in the queue, so that there is nothing to keep beside them.
import * as store from "./store.js";
import { gridAt, ground } from "./ground.js";
import { newItem } from "./item.js";
import { onMove, place } from "./place.js";
import { sync, who } from "./queue.js";

const root = document.querySelector("[data-patrol]");
const find = (name) => root.querySelector(`[data-${name}]`);
const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
let saving = false;
let chosen = false;

const user = async () => who() || (await store.kept("user"));

/** 进行中的: {number or key, grid, started_at}; null where nobody walks. */
async function running() {
  const told = await store.kept("today");
  const walk = told?.walk?.running;
  const me = await user();
  let now = walk ? { number: walk.number, grid: walk.duty_grid_code, started_at: Date.parse(walk.started_at) } : null;
  const items = (await store.all()).filter(
    (item) => item.walk && item.user === me && (item.state === "waiting" || (item.state === "sent" && item.sent_at > (told?.told_at ?? 0))),
  );
  for (const item of items.sort((a, b) => a.saved_at - b.saved_at)) {
    const begun = { key: item.key, number: item.number, grid: item.walk.grid, started_at: item.saved_at };
    now = item.walk.grid ? begun : null;
  }
  return now;
}

const where = () => {
  const here = place();
  return here ? { lon: here.lon, lat: here.lat } : {};
};

async function save(path, content, title, more) {
  const me = await user();
  if (!me || saving) return;
  saving = true;
  try {
    const item = newItem(me, path, { ...content, ...where() }, [], title);
    await store.save({ ...item, ...more });
    find("walk-said").textContent = root.dataset.saved;
  } catch {
    find("walk-said").textContent = root.dataset.full;
  } finally {
    saving = false;
  }
  await draw();
  sync({ now: true });
}

async function start() {
  const grid = find("walk-grid").value;
  if (!grid || (await running())) return;
  await save("patrols/start", { grid }, `${root.dataset.start} ${label(grid)}`, { walk: { grid } });
}

// A start that the server has not answered yet is named by its key; the queue sends it first.
async function finish() {
  const walk = await running();
  if (!walk) return;
  const named = walk.number ? { patrol: walk.number } : { started_by: walk.key };
  await save("patrols/finish", named, `${root.dataset.finish} ${label(walk.grid)}`, { walk: {}, ...(walk.number ? {} : { after: walk.key }) });
}

const label = (code) => [...find("walk-grid").options].find(({ value }) => value === code)?.text ?? code;

// One's own grids, and the one in which the phone stands where the list of a wide appointment ends before
// it; that one is chosen until a thumb has chosen another.
async function options() {
  const grids = [...((await store.kept("today"))?.walk?.grids ?? [])];
  const here = place();
  const at = here && gridAt(await ground(), here.lon, here.lat);
  if (at?.own && !grids.some(([code]) => code === at.duty)) grids.unshift([at.duty, `${at.name} ${at.duty}`]);
  const select = find("walk-grid");
  const held = select.value;
  if (select.options.length !== grids.length || grids.some(([code], i) => select.options[i].value !== code)) {
    select.replaceChildren(...grids.map(([code, text]) => new Option(text, code)));
  }
  const wanted = chosen || !at?.own ? held : at.duty;
  if (grids.some(([code]) => code === wanted)) select.value = wanted;
}

export async function draw() {
  await options();
  const walk = await running();
  root.dataset.walking = walk ? "1" : "";
  find("walk-idle").hidden = Boolean(walk);
  find("walk-going").hidden = !walk;
  find("walk-none").hidden = Boolean(walk) || find("walk-grid").options.length > 0;
  find("walk-start").disabled = !find("walk-grid").options.length;
  if (walk) find("walk-told").textContent = root.dataset.since.replace("{grid}", label(walk.grid)).replace("{at}", time.format(walk.started_at));
}

find("walk-grid").addEventListener("change", () => (chosen = true));
find("walk-start").addEventListener("click", start);
onMove(options);
find("walk-finish").addEventListener("click", finish);
